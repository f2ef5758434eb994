import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROGRAM = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync, appendFileSync } = require('node:fs');
const file = __filename + '.json';
const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const input = readFileSync(0, 'utf8').trim();
const verb = process.argv[2];
appendFileSync(__filename + '.log', verb + ' ' + (verb === 'store' ? '' : input) + '\\n');
const fail = (text) => { process.stdout.write(text); process.exit(1); };
if (kept.broken) fail(kept.broken);
if (kept.slow) setTimeout(() => undefined, 3600000);
else if (verb === 'list') process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(kept).map(([url, [user]]) => [url, user]))));
else if (verb === 'get') {
  if (!kept[input]) fail('credentials not found in native keychain');
  process.stdout.write(JSON.stringify({ ServerURL: input, Username: kept[input][0], Secret: kept[input][1] }));
} else if (verb === 'erase') { delete kept[input]; writeFileSync(file, JSON.stringify(kept)); }
else if (verb === 'store') {
  const { ServerURL, Username, Secret } = JSON.parse(input);
  writeFileSync(file, JSON.stringify({ ...kept, [ServerURL]: [Username, Secret] }));
}
`;

/** A credential helper that keeps its secrets in a file beside it. */
export interface FakeHelper {
  /** What it keeps: server to user and secret; or `broken`, a text with which it fails; or `slow`. */
  set(kept: Readonly<Record<string, unknown>>): Promise<void>;
  kept(): Promise<Record<string, unknown>>;
  /** The verbs it was called with, each with its input. */
  calls(): Promise<string[]>;
}

/** Writes the program `docker-credential-<name>` into `folder`, which must be in the PATH it is run with. */
export async function makeFakeHelper(folder: string, name: string): Promise<FakeHelper> {
  const path = join(folder, `docker-credential-${name}`);
  await mkdir(folder, { recursive: true });
  // Whatever lies in a folder above must not decide how Node reads the program.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
  await writeFile(path, PROGRAM);
  await chmod(path, 0o755);
  const read = (suffix: string): Promise<string> => readFile(path + suffix, 'utf8').catch(() => '');
  return {
    set: (kept) => writeFile(`${path}.json`, JSON.stringify(kept)),
    kept: async () => JSON.parse((await read('.json')) || '{}'),
    calls: async () => (await read('.log')).split('\n').filter(Boolean),
  };
}
