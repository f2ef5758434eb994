import type {
  ExposeInstruction,
  MaintainerInstruction,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
  WorkdirInstruction,
} from '../ast.ts';
import { splitBlanks, trimSpace } from '../words.ts';
import { execItems, type InstructionRequest, invalid, refuseFlags } from './request.ts';

/** `EXPOSE PORT[/PROTOCOL] …`. */
export function parseExpose(request: InstructionRequest): ExposeInstruction {
  const ports = splitBlanks(requireText(request, 'port', '8080'));
  return { keyword: 'EXPOSE', ...request.base, ports: ports.sort(byCodePoint) };
}

/** `VOLUME PATH …`, or the paths as a JSON array. */
export function parseVolume(request: InstructionRequest): VolumeInstruction {
  const text = requireText(request, 'path', '/data');
  const paths = (execItems(request, text) ?? splitBlanks(text)).map(trimSpace);
  if (paths.length === 0 || paths.includes('')) {
    throw invalid(request, 'VOLUME has an empty path.', 'Write VOLUME /data.');
  }
  return { keyword: 'VOLUME', ...request.base, paths };
}

/** `USER NAME[:GROUP]`. */
export function parseUser(request: InstructionRequest): UserInstruction {
  return { keyword: 'USER', ...request.base, user: requireText(request, 'user', 'node') };
}

/** `WORKDIR PATH`. */
export function parseWorkdir(request: InstructionRequest): WorkdirInstruction {
  return { keyword: 'WORKDIR', ...request.base, path: requireText(request, 'path', '/app') };
}

/** `STOPSIGNAL SIGNAL`. */
export function parseStopsignal(request: InstructionRequest): StopsignalInstruction {
  return { keyword: 'STOPSIGNAL', ...request.base, signal: requireText(request, 'signal', 'SIGTERM') };
}

/** `MAINTAINER TEXT`. */
export function parseMaintainer(request: InstructionRequest): MaintainerInstruction {
  const maintainer = requireText(request, 'text', 'name@example.com');
  return { keyword: 'MAINTAINER', ...request.base, maintainer };
}

function requireText(request: InstructionRequest, what: string, example: string): string {
  refuseFlags(request);
  if (request.rest !== '') return request.rest;
  throw invalid(request, `${request.keyword} has no ${what}.`, `Write ${request.keyword} ${example}.`);
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
