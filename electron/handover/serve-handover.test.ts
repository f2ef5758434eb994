import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEngine, outcomeOf } from '../api/testing/memory-engine.ts';
import { createTestContext, type TestContext } from '../api/testing/test-context.ts';
import { processIdentity } from '../platform/process-identity.ts';
import { BUILD_IDENTITY } from './build-identity.ts';
import { CANCEL, FRAME, FrameReader } from './frames.ts';
import { findHosts, hostsFolder } from './meeting-place.ts';
import { type Handover, serveHandover } from './serve-handover.ts';
import { ownStanding } from './terminal-place.ts';

const ENV = { PATH: '/bin', HOME: '/home/me' };
let home: string;
let context: TestContext;
let handover: Handover;
const engine = createMemoryEngine();

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-hand-'));
  context = createTestContext(home, [engine]);
  engine.build = async () => outcomeOf([]);
  handover = await serveHandover(context, ENV);
});
afterEach(async () => {
  await handover.close();
  await context.close();
  await rm(home, { recursive: true, force: true });
  expect(context.reported).toEqual([]);
});

const request = (changes: Readonly<Record<string, unknown>> = {}) =>
  `${JSON.stringify({
    ...{ strata: BUILD_IDENTITY, words: ['.', '-t', 'web:2'], cwd: home, env: ENV, standing: ownStanding() },
    ...changes,
  })}\n`;

/** A terminal as a test sees it: what it was told, each kind of frame as one text. */
class Terminal {
  readonly socket: Socket;
  readonly told = new Map<number, string>();
  readonly closed: Promise<void>;

  constructor(address = findHosts(home)[0] ?? '') {
    this.socket = connect(address);
    const reader = new FrameReader((kind, part) =>
      this.told.set(kind, (this.told.get(kind) ?? '') + part.toString()),
    );
    this.socket.on('data', (bytes: Buffer) => reader.read(bytes));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  /** Says something and waits for the end; gives what was told. */
  async say(words: string | Buffer): Promise<Map<number, string>> {
    this.socket.write(words);
    await this.closed;
    return this.told;
  }
}

/** Has the engine build until it is cancelled; resolves when it has begun, and then when it was cancelled. */
function untilCancelled(): { begun: Promise<void>; cancelled: Promise<void> } {
  let begin = () => {};
  let cancel = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const cancelled = new Promise<void>((resolve) => (cancel = resolve));
  engine.build = ({ signal }) => {
    begin();
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        cancel();
        reject(Object.assign(new Error('stopped'), { name: 'AbortError' }));
      }),
    );
  };
  return { begun, cancelled };
}

describe('the place where a host is met', () => {
  it('is a socket of the user alone, gone when the host is closed', async () => {
    const [name = ''] = await readdir(hostsFolder(home));
    expect(name).toMatch(new RegExp(`^${processIdentity()}\\.[0-9a-f]{6}$`));
    const socket = await stat(join(hostsFolder(home), name));
    expect([socket.isSocket(), socket.mode & 0o777]).toEqual([true, 0o600]);
    expect((await stat(hostsFolder(home))).mode & 0o777).toBe(0o700);
    await handover.close();
    expect(await readdir(hostsFolder(home))).toEqual([]);
  });

  it('is elsewhere when the path is too long for a socket, and is left by neither', async () => {
    const deep = join(home, 'a-folder-with-a-name-of-some-length'.repeat(4));
    await mkdir(deep);
    const other = await serveHandover(createTestContext(deep, [engine]), ENV);
    const [address = ''] = findHosts(deep);
    expect(address.startsWith(join(tmpdir(), 'strata-host-'))).toBe(true);
    expect((await new Terminal(address).say(request())).get(FRAME.ended)).toBe('0');
    await other.close();
    expect(await readdir(hostsFolder(deep))).toEqual([]);
    await expect(stat(join(address, '..'))).rejects.toThrow('ENOENT');
  });

  it('is cleared of what hosts that were killed left', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'strata-host-'));
    const foreign = await mkdtemp(join(tmpdir(), 'strata-other-'));
    const dead = '4194304-1';
    await writeFile(join(hostsFolder(home), `${dead}.aa`), '');
    await writeFile(join(hostsFolder(home), `${dead}.bb.at`), join(elsewhere, 'socket'));
    await writeFile(join(hostsFolder(home), `${dead}.cc.at`), join(foreign, 'socket'));
    const second = await serveHandover(context, ENV);
    expect((await readdir(hostsFolder(home))).filter((name) => name.startsWith(dead))).toEqual([]);
    await expect(stat(elsewhere)).rejects.toThrow('ENOENT');
    expect((await stat(foreign)).isDirectory()).toBe(true);
    await rm(foreign, { recursive: true });
    await second.close();
  });
});

describe('a build that is handed over', () => {
  it('is an operation with a record, of the project of its folder', async () => {
    const { id } = await context.projects.add(home);
    const told = await new Terminal().say(request());
    expect([...told.keys()]).toEqual([FRAME.taken, FRAME.output, FRAME.ended]);
    expect(told.get(FRAME.output)).toContain('Built in');
    const [operation] = context.operations.list();
    expect(operation).toMatchObject({ kind: 'build', state: 'done' });
    const [record] = await context.builds.list({});
    expect(record).toMatchObject({ id: operation?.buildId, projectId: id, state: 'done' });
  });

  it('belongs to no project where its folder is none', async () => {
    await new Terminal().say(request());
    expect((await context.builds.list({}))[0]).toMatchObject({ projectId: null, contextPath: home });
  });

  it.each([
    ['its terminal says so', (terminal: Terminal) => terminal.socket.write(Buffer.of(CANCEL)), '130'],
    ['its terminal goes away', (terminal: Terminal) => terminal.socket.destroy(), undefined],
    [
      'its terminal says what no terminal says',
      (terminal: Terminal) => terminal.socket.write('x'),
      undefined,
    ],
    ['the page cancels it', () => context.operations.cancel(context.operations.list()[0]?.id ?? ''), '130'],
    ['the host is closed', () => void handover.close(), '1'],
  ])('is cancelled when %s', async (_why, act, code) => {
    const { begun, cancelled } = untilCancelled();
    const terminal = new Terminal();
    terminal.socket.write(request());
    await begun;
    act(terminal);
    await cancelled;
    await terminal.closed;
    expect(terminal.told.get(FRAME.ended)).toBe(code);
    await expect.poll(() => context.operations.list()[0]?.state).toBe('cancelled');
  });

  it('tells why when the host is closed in the middle', async () => {
    const { begun } = untilCancelled();
    const terminal = new Terminal();
    terminal.socket.write(request({ words: ['.', '--json'] }));
    await begun;
    await handover.close();
    await terminal.closed;
    const last = JSON.parse(terminal.told.get(FRAME.output)?.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ type: 'finished', ok: false, error: { code: 'busy' } });
    expect(last.error.hint).toContain('Run the same command again');
  });

  it('waits with its output for a terminal that does not read, until it is cancelled', async () => {
    const line = 'x'.repeat(64 * 1024);
    let sent = 0;
    engine.build = async ({ signal, onEvent }) => {
      while (!signal.aborted && sent < 1000) {
        await onEvent({ type: 'log', step: 0, text: line });
        sent += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return outcomeOf([]);
    };
    const terminal = new Terminal();
    terminal.socket.pause();
    terminal.socket.write(request());
    let before = 0;
    const isHeldUp = () => {
      const was = before;
      before = sent;
      return was > 0 && was === sent;
    };
    await expect.poll(isHeldUp, { interval: 200 }).toBe(true);
    expect(sent).toBeLessThan(500);
    context.operations.cancel(context.operations.list()[0]?.id ?? '');
    await expect.poll(() => context.operations.list()[0]?.state).not.toBe('running');
    terminal.socket.resume();
    await terminal.closed;
  });
});

describe('closing', () => {
  it('waits for nobody who only connected', async () => {
    const terminal = new Terminal();
    await new Promise<void>((resolve) => terminal.socket.once('connect', () => resolve()));
    await handover.close();
    await terminal.closed;
    expect([...terminal.told]).toEqual([]);
  });

  it('lets a terminal go that was stopped and reads nothing', async () => {
    const line = 'x'.repeat(64 * 1024);
    let isFull = false;
    engine.build = async ({ signal, onEvent }) => {
      while (!signal.aborted) {
        const held = onEvent({ type: 'log', step: 0, text: line });
        isFull = held !== undefined;
        await held;
      }
      throw Object.assign(new Error('stopped'), { name: 'AbortError' });
    };
    const terminal = new Terminal();
    terminal.socket.pause();
    terminal.socket.write(request());
    await expect.poll(() => isFull).toBe(true);
    await handover.close();
    expect(context.operations.list()[0]?.state).toBe('cancelled');
    terminal.socket.resume();
    await terminal.closed;
    expect(terminal.told.get(FRAME.ended)).toBeUndefined();
  });
});

describe('what is not handed over', () => {
  it.each([
    ['another build of Strata', { strata: 'other' }, 'another version'],
    ['another user or view of the machine', { standing: 'other' }, 'another user'],
    ['another environment', { env: { ...ENV, HTTPS_PROXY: 'http://a' } }, 'other values of HTTPS_PROXY'],
    ['a build by another engine', { words: ['.', '--engine', 'docker'] }, 'another engine'],
    ['a context on standard input', { words: ['-'] }, 'standard input'],
    ['a Dockerfile on standard input', { words: ['.', '--file=-'] }, 'standard input'],
  ])('%s is left to the terminal', async (_what, changes, why) => {
    const told = await new Terminal().say(request(changes));
    expect([...told.keys()]).toEqual([FRAME.declined]);
    expect(told.get(FRAME.declined)).toContain(why);
    expect(context.operations.list()).toEqual([]);
    expect(await context.builds.list({})).toEqual([]);
  });

  it.each([
    ['no JSON', 'GET / HTTP/1.1\n'],
    ['JSON of another kind', '[1, 2]\n'],
    ['a request with something more', request({ command: 'rmi' })],
    ['a request with words that are none', request({ words: [{}] })],
    ['a folder that is relative', request({ cwd: 'somewhere' })],
    ['a value that is no text', request({ env: { PATH: 1 } })],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
    ['a line without an end', 'x'.repeat(9 * 1024 * 1024)],
  ])('%s is answered with nothing, and the host goes on', async (_what, bytes) => {
    const told = await new Terminal().say(bytes);
    expect([...told.keys()]).toEqual([]);
    expect((await new Terminal().say(request())).get(FRAME.ended)).toBe('0');
  });

  it('the request of a terminal that is gone already builds nothing', async () => {
    // The host, which is this process, does nothing while it waits for the other one.
    const script = 'require("node:net").connect(process.argv[1]).end(process.argv[2], () => process.exit())';
    execFileSync(process.execPath, ['-e', script, findHosts(home)[0] ?? '', request()], {
      timeout: 10_000,
    });
    expect((await new Terminal().say(request())).get(FRAME.ended)).toBe('0');
    expect(context.operations.list()).toHaveLength(1);
  });

  it('the words of another command build nothing', async () => {
    const told = await new Terminal().say(request({ words: ['rmi', 'web:1'] }));
    expect(told.get(FRAME.ended)).toBe('2');
    expect(told.get(FRAME.complaint)).toContain('one argument too many');
    expect(engine.names.get('web:1')).toBe('sha256:1');
  });
});
