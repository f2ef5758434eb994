import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

/**
 * An HTTP agent whose connections are `ssh DESTINATION docker system dial-stdio` processes, as the docker CLI
 * makes them: the user's own ssh configuration, agent and known hosts apply. Ending a connection ends its process.
 */
export function createSshAgent(endpoint: Extract<Endpoint, { kind: 'ssh' }>, env: NodeJS.ProcessEnv): Agent {
  const agent = new Agent({ keepAlive: false });
  const port = endpoint.port === null ? [] : ['-p', String(endpoint.port)];
  // BatchMode: a question for a password would wait for ever, as nobody sees it.
  const args = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', ...port, '--', endpoint.destination];
  agent.createConnection = () => connect([...args, 'docker', 'system', 'dial-stdio'], env);
  return agent;
}

/** How much of ssh's complaint is kept: the last lines say it. */
const MAX_COMPLAINT = 2000;

/** A process as a connection. It ends with the process, not with its output: only then is known what went wrong. */
function connect(args: string[], env: NodeJS.ProcessEnv): Duplex {
  const child = spawn('ssh', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-MAX_COMPLAINT);
  });
  const connection = new Duplex({
    read: () => child.stdout.resume(),
    // That a write failed is known from the end of the process, which says why.
    write: (chunk, _, done) => child.stdin.write(chunk, () => done()),
    final: (done) => child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!connection.push(chunk)) child.stdout.pause();
  });
  child.stdin.on('error', () => {});
  child.on('error', (error) => connection.destroy(error));
  child.on('close', (code) => {
    if (code === 0) connection.push(null);
    else connection.destroy(new Error(complaint.trim() || `ssh ended with code ${code}`));
  });
  return connection;
}
