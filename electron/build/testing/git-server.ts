import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Whether tests can serve a git repository on this machine. */
export function canServeGit(): boolean {
  try {
    execFileSync('git', ['daemon', '--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A repository `repo.git` that is served over the git protocol on loopback; every commit is of one time. */
export class GitServer {
  readonly #folder: string;
  readonly #daemon: ChildProcess;
  readonly #seconds: number;
  /** Such as `git://127.0.0.1:1234`. */
  readonly base: string;
  /** The folder with the files of the repository. */
  readonly work: string;

  private constructor(folder: string, port: number, seconds: number) {
    this.#folder = folder;
    this.#seconds = seconds;
    this.base = `git://127.0.0.1:${port}`;
    this.work = join(folder, 'repo.git');
    const words = ['--export-all', `--base-path=${folder}`, '--listen=127.0.0.1', `--port=${port}`, folder];
    this.#daemon = spawn('git', ['daemon', ...words], { stdio: 'ignore', detached: true });
  }

  /** `seconds` since the epoch is the time of its commits. */
  static async start(seconds: number): Promise<GitServer> {
    const folder = await mkdtemp(join(tmpdir(), 'strata-git-'));
    await mkdir(join(folder, 'repo.git'));
    const port = await freePort();
    const server = new GitServer(folder, port, seconds);
    server.git('init', '-q', '-b', 'main');
    while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
    return server;
  }

  /** Runs git in the repository and gives what it said. */
  git(...args: string[]): string {
    const date = `${this.#seconds} +0000`;
    const env = { PATH: process.env.PATH, HOME: this.#folder, GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', args, {
      cwd: this.work,
      encoding: 'utf8',
      env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    }).trim();
  }

  /** Writes files, commits all that changed and gives the commit. */
  async commit(files: Readonly<Record<string, string>>): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.work, path)), { recursive: true });
      await writeFile(join(this.work, path), content);
    }
    this.git('add', '-A');
    this.git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'x');
    return this.git('rev-parse', 'HEAD');
  }

  async stop(): Promise<void> {
    if (this.#daemon.pid !== undefined) process.kill(-this.#daemon.pid, 'SIGKILL');
    await rm(this.#folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });
}
