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

function connect(args: string[], env: NodeJS.ProcessEnv): Duplex {
  const child = spawn('ssh', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000);
  });
  const connection = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.on('error', (error) => connection.destroy(error));
  child.on('exit', (code) => {
    if (code !== 0) connection.destroy(new Error(complaint.trim() || `ssh ended with code ${code}.`));
  });
  connection.on('close', () => child.kill());
  return connection;
}
