import { writeProtobuf } from '../protobuf-writer.ts';
import type { GrpcHandler } from './grpc-server.ts';

const SERVING = 1;

/** Answers `grpc.health.v1`: BuildKit asks every second and gives the session up when nobody answers. */
export function createHealthService(): Map<string, GrpcHandler> {
  const check: GrpcHandler = async ({ messages, send }) => {
    for await (const _ of messages) await send(writeProtobuf([[1, SERVING]]));
  };
  return new Map([['/grpc.health.v1.Health/Check', check]]);
}
