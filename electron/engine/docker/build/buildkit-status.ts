import {
  bytesField,
  numberField,
  type ProtobufField,
  readProtobuf,
  repeatedField,
  textField,
} from './protobuf-reader.ts';

/** One operation of a BuildKit build, in its latest state. */
export interface Vertex {
  readonly digest: string;
  /** `[build 3/7] RUN npm ci`, `[internal] load metadata for …`. */
  readonly name: string;
  readonly cached: boolean;
  /** Milliseconds since the epoch, null when it has not begun or ended. */
  readonly started: number | null;
  readonly completed: number | null;
  readonly error: string;
}

/** How far a part of an operation is: a layer that is fetched has `total` bytes. */
export interface VertexStatus {
  readonly vertex: string;
  readonly id: string;
  readonly current: number;
  readonly total: number;
}

/** Output of an operation. */
export interface VertexLog {
  readonly vertex: string;
  /** 1 is stdout, 2 stderr. */
  readonly stream: number;
  readonly message: Buffer;
}

/** What BuildKit tells at once: `moby.buildkit.v1.StatusResponse`. */
export interface BuildKitStatus {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
}

/**
 * Decodes a StatusResponse. Field numbers are those of BuildKit's control.proto: vertexes 1 (digest 1, name 3,
 * cached 4, started 5, completed 6, error 7), statuses 2 (ID 1, vertex 2, current 4, total 5), logs 3 (vertex 1,
 * stream 3, msg 4). Throws `malformed`.
 */
export function decodeBuildKitStatus(bytes: Buffer): BuildKitStatus {
  const fields = readProtobuf(bytes);
  return {
    vertexes: repeatedField(fields, 1).map(decodeVertex),
    statuses: repeatedField(fields, 2).map(decodeStatus),
    logs: repeatedField(fields, 3).map(decodeLog),
  };
}

function decodeVertex(bytes: Buffer): Vertex {
  const fields = readProtobuf(bytes);
  return {
    digest: textField(fields, 1),
    name: textField(fields, 3),
    cached: numberField(fields, 4) !== 0,
    started: timeField(fields, 5),
    completed: timeField(fields, 6),
    error: textField(fields, 7),
  };
}

function decodeStatus(bytes: Buffer): VertexStatus {
  const fields = readProtobuf(bytes);
  return {
    vertex: textField(fields, 2),
    id: textField(fields, 1),
    current: numberField(fields, 4),
    total: numberField(fields, 5),
  };
}

function decodeLog(bytes: Buffer): VertexLog {
  const fields = readProtobuf(bytes);
  return {
    vertex: textField(fields, 1),
    stream: numberField(fields, 3),
    message: bytesField(fields, 4) ?? Buffer.alloc(0),
  };
}

/** A `google.protobuf.Timestamp` (seconds 1, nanos 2) in milliseconds. */
function timeField(fields: readonly ProtobufField[], number: number): number | null {
  const bytes = bytesField(fields, number);
  if (bytes === null) return null;
  const time = readProtobuf(bytes);
  return numberField(time, 1) * 1000 + numberField(time, 2) / 1e6;
}
