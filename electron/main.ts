import { join } from 'node:path';
import { runDesktop } from './desktop/run-desktop.ts';
import { createErrorLog } from './platform/error-log.ts';
import { strataHome } from './platform/paths.ts';

const home = strataHome();
const report = createErrorLog(join(home, 'errors.log'), (text) => process.stderr.write(text));
process.on('unhandledRejection', report);
runDesktop(home, report);
