import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canInstall, installParts, missingParts } from './packages.ts';
import { addResults, readPlaywright, readVitest } from './results.ts';

/** The one part that no package registry has; what needs it names it in its title. */
const ELECTRON_BINARY = 'Electron binary';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNIT_REPORT = join(ROOT, 'test-results', 'unit.json');
const E2E_REPORT = join(ROOT, 'test-results', 'e2e.json');
const isCi = process.env.CI !== undefined && process.env.CI !== '' && process.env.CI !== 'false';

function run(title: string, program: string, args: readonly string[]): boolean {
  const started = Date.now();
  console.log(`\n== ${title}`);
  // Plain lines: colours and redrawing are for a terminal.
  const env = { ...process.env, NO_COLOR: '1' };
  const { status } = spawnSync(program, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(
    `== ${title}: ${status === 0 ? 'done' : 'failed'} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return status === 0;
}

function prepareSystem(): void {
  const missing = missingParts();
  if (missing.length === 0) return;
  if (canInstall()) {
    console.log(`== Installing ${missing.map((part) => part.package).join(', ')}`);
    if (installParts(missing)) return;
  }
  for (const part of missingParts()) {
    console.log(
      `   Not here, so its tests are skipped: ${part.neededFor}. Install it with: apt-get install ${part.package}`,
    );
  }
}

prepareSystem();
rmSync(join(ROOT, 'test-results'), { recursive: true, force: true });
const isBuilt = run('Building', 'npm', ['run', '--silent', 'build']);
const unit = run('Unit and integration tests', 'npx', [
  'vitest',
  'run',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${UNIT_REPORT}`,
]);
const e2e =
  isBuilt && run('End-to-end tests', 'npx', ['playwright', 'test', '-c', 'e2e/playwright.config.ts']);

const results = addResults(readVitest(UNIT_REPORT), readPlaywright(E2E_REPORT));
const unexpected = isCi ? results.skipped.filter((name) => !name.includes(ELECTRON_BINARY)) : [];
for (const name of results.failed) console.log(`failed:  ${name}`);
for (const name of results.skipped) console.log(`skipped: ${name}`);
for (const name of results.unsteady) console.log(`passed at the second try: ${name}`);
for (const name of unexpected) console.log(`must not be skipped here: ${name}`);
const failed = results.failed.length + unexpected.length;
console.log(
  `\n${results.passed} passed, ${failed} failed, ${results.skipped.length - unexpected.length} skipped`,
);
process.exitCode = isBuilt && unit && e2e && failed === 0 ? 0 : 1;
