import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

const COMMANDS = [
  [
    'build',
    '--target',
    '--build-arg',
    '--platform',
    '--no-cache',
    '--reproducible',
    '--plan',
    '--engine',
    '--file',
    '--tag',
    '--secret',
    '--ssh',
    '--build-context',
    '--label',
    '--allow',
    '--pull',
    '--no-cache-filter',
  ],
  ['check', '--file', '--target', '--build-arg'],
  ['verify', '--reproducible', '--file'],
  ['builds', 'show ID', 'log ID STEP', 'compare FIRST SECOND', 'trace ID', 'rm ID', '--output'],
  ['advice', '--file'],
  ['images'],
  ['inspect', '--remote'],
  ['history'],
  ['layers'],
  ['files', '--layer'],
  ['tag'],
  ['untag'],
  ['rmi'],
  ['pull'],
  ['push', '--to', '--move-tag', '--confirm'],
  ['copy', '--move-tag', '--no-referrers'],
  ['ls-remote', '--query', '--long'],
  ['bases', '--file', '--check'],
  ['pin', '--line', '--preview'],
  ['tags', 'roll-back ID', '--confirm'],
  ['share', '--port', '--read-only'],
  ['login', '--password-stdin'],
  ['logout'],
  ['save', '--format'],
  ['load'],
  ['prune'],
  ['df'],
  ['serve', '--port', '--no-open'],
  ['sample'],
  ['doctor'],
] as const;

test('the main help names every command', async ({ box }) => {
  const { code, stdout } = await box.strata(['--help']);
  expect(code).toBe(0);
  for (const [name] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

for (const [name, ...options] of COMMANDS) {
  test(`"${name} --help" tells its options and does nothing`, async ({ box }) => {
    const { code, stdout, stderr } = await box.strata([name, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: strata ${name}`);
    for (const option of [...options, '--json']) expect(stdout).toContain(option);
  });
}

const WRONG_USE = [
  ['frobnicate'],
  ['build', '--frobnicate'],
  ['build', 'a', 'b'],
  ['builds', 'frobnicate'],
  ['builds', 'show'],
  ['builds', 'trace', 'some-id'],
  ['tag', 'only-one'],
  ['inspect'],
  ['rmi'],
  ['save', 'demo'],
  ['images', 'too-many'],
  ['build', '--engine', 'frob'],
  ['tag', 'demo', 'Not A Name'],
  ['serve', '--port', 'http'],
];

for (const words of WRONG_USE) {
  test(`"strata ${words.join(' ')}" is wrong use: exit code 2`, async ({ box }) => {
    const { code, stdout, stderr } = await box.strata(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^strata: .+\n/);
  });
}

const FAILS = [
  ['inspect', 'absent:1'],
  ['history', 'absent:1'],
  ['layers', 'absent:1'],
  ['files', 'absent:1'],
  ['tag', 'absent:1', 'other:1'],
  ['untag', 'absent:1'],
  ['rmi', 'absent:1'],
  ['push', '127.0.0.1:1/absent:1'],
  ['pull', '127.0.0.1:1/absent:1'],
  ['load', 'absent.tar'],
  ['save', 'absent:1', '-o', 'out.tar'],
];

for (const words of FAILS) {
  test(`"strata ${words.join(' ')}" fails with exit code 1 and says why`, async ({ box }) => {
    const { code, events, stderr } = await box.strata([...words, '--json']);
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: 'error', ok: false });
    expect(String(events.at(-1)?.message).length).toBeGreaterThan(10);
    expect(stderr).toMatch(/^strata: /);
  });
}

test('an image is shown, tagged, untagged and removed', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile:
      'FROM busybox:1.36\nWORKDIR /srv\nCOPY a.txt .\nRUN rm /etc/group && echo b > b.txt\nCMD ["sh"]\n',
    'a.txt': 'a\n',
  });
  const { digest, imageId } = finished(await box.strata(['build', folder, '-t', 'demo:1', '--json']));

  const images = (await box.strata(['images', '--json'])).events;
  expect(images.map((image) => image.names)).toContainEqual(['demo:1']);
  expect((await box.strata(['images'])).stdout).toMatch(/^demo:1 /m);

  const [shown] = (await box.strata(['inspect', 'demo:1', '--json'])).events;
  expect(shown).toMatchObject({ manifestDigest: digest, imageId });
  for (const name of [digest, imageId, imageId.slice(7, 19)]) {
    expect((await box.strata(['inspect', name, '--json'])).events[0]).toMatchObject({
      manifestDigest: digest,
    });
  }

  const history = (await box.strata(['history', 'demo:1'])).stdout;
  expect(history).toMatch(/CMD \["sh"\][\s\S]*RUN rm[\s\S]*COPY a.txt[\s\S]*WORKDIR/);
  const layers = (await box.strata(['layers', 'demo:1', '--json'])).events;
  expect(layers.map((layer) => layer.base)).toEqual(layers.map((layer) => layer.index === 0));

  const files = (await box.strata(['files', 'demo:1', '/srv', '--json'])).events;
  expect(files.map(({ name, size }) => ({ name, size }))).toEqual([
    { name: 'a.txt', size: 2 },
    { name: 'b.txt', size: 2 },
  ]);
  const ofLayer = (await box.strata(['files', 'demo:1', 'etc', '--layer', '3'])).stdout;
  expect(ofLayer).toMatch(/^- .*group$/m);

  expect((await box.strata(['tag', 'demo:1', 'team/demo:2'])).code).toBe(0);
  expect((await box.strata(['untag', 'demo:1'])).code).toBe(0);
  expect((await box.strata(['inspect', 'demo:1'])).code).toBe(1);
  const removed = (await box.strata(['rmi', 'team/demo:2', '--json'])).events;
  expect(removed.at(-1)).toMatchObject({ type: 'finished', ok: true });
  const left = (await box.strata(['images', '--json'])).events;
  expect(left.map((image) => image.names)).toEqual([['busybox:1.36']]);
});

test('an image goes through an archive of either format into an empty store', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: 'a' });
  const built = finished(await box.strata(['build', folder, '-t', 'demo:1', '--json']));
  for (const format of ['oci', 'docker']) {
    const archive = join(box.folder, `${format}.tar`);
    expect((await box.strata(['save', 'demo:1', '-o', archive, '--format', format])).code).toBe(0);
    const env = { STRATA_HOME: join(box.folder, `empty-${format}`) };
    expect((await box.strata(['load', archive], { env })).code).toBe(0);
    const [image] = (await box.strata(['inspect', 'demo:1', '--json'], { env })).events;
    expect(image?.imageId).toBe(built.imageId);
    const files = (await box.strata(['files', 'demo:1', '--json'], { env })).events;
    expect(files.map((file) => file.name)).toContain('a');
  }
});

test('disk usage is told and a clean-up frees what it said', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nRUN seq 20000 > /numbers\n' });
  await box.strata(['build', folder, '-t', 'demo:1']);
  await box.strata(['rmi', 'demo:1']);
  const usage = (await box.strata(['df', '--json'])).events[0] as { reclaimable?: { bytes: number } };
  const told = (await box.strata(['prune', '--dry-run', '--json'])).events.at(-1);
  const pruned = (await box.strata(['prune', '--json'])).events.at(-1) as { freedBytes?: number };
  expect(told).toMatchObject({ type: 'finished', ok: true, wouldFreeBytes: pruned.freedBytes });
  expect(pruned.freedBytes).toBe(usage.reclaimable?.bytes);
  const after = (await box.strata(['prune', '--json'])).events.at(-1) as { freedBytes?: number };
  expect(after.freedBytes).toBe(0);
});

test('the sample builds without any network, and an edit rebuilds the steps after it', async ({ box }) => {
  await box.settings({});
  const folder = join(box.folder, 'sample');
  expect((await box.strata(['sample', folder])).code).toBe(0);
  const first = finished(await box.strata(['build', folder, '-t', 'sample/shop:1.0.0', '--json']));
  expect(first.error).toBeUndefined();
  expect(first.steps.some((step) => step.instruction.startsWith('RUN'))).toBe(true);
  const products = join(folder, 'products.csv');
  await writeFile(products, `${await readFile(products, 'utf8')}Lamp shade,15,3\n`);
  const { steps } = finished(await box.strata(['build', folder, '--json']));
  const copy = steps.find((step) => step.instruction.startsWith('COPY products.csv'));
  expect(copy?.reasons).toMatchObject([{ kind: 'files-changed', paths: ['products.csv'] }]);
  expect(steps.filter((step) => step.status === 'hit').length).toBeGreaterThan(3);
});

test('doctor tells what this machine can do', async ({ box }) => {
  const { code, events } = await box.strata(['doctor', '--json']);
  expect(code).toBe(0);
  expect(events.length).toBeGreaterThan(2);
  expect((await box.strata(['doctor'])).stdout).toMatch(/Data folder/);
  expect(events.at(-1)).toMatchObject({ id: 'handover', state: 'ok', mend: null, command: null });
});

test('names and texts in an image cannot steer the terminal that shows them', async ({ box }) => {
  const evil = '\u001b]0;owned\u0007';
  const folder = await box.files('app', {
    Dockerfile: `FROM scratch\nLABEL note="${evil}"\nCOPY . /x/\n`,
    [`two\nlines${evil}`]: 'x',
  });
  expect((await box.strata(['build', folder, '-t', 'demo:1'])).code).toBe(0);
  const files = await box.strata(['files', 'demo:1', '/x']);
  expect(files.stdout).toContain('two\\x0alines\\x1b]0;owned\\x07');
  for (const command of ['files', 'inspect', 'history', 'layers']) {
    const { code, stdout, stderr } = await box.strata([
      command,
      'demo:1',
      ...(command === 'files' ? ['/x'] : []),
    ]);
    expect([command, code, `${stdout}${stderr}`.includes('\u001b')]).toEqual([command, 0, false]);
  }
  const { stdout } = await box.strata(['inspect', 'demo:1', '--json']);
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ config: { labels: { note: evil } } });
});
