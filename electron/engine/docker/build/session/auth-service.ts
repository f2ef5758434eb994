import type { CredentialsFor } from '../../registry-auth.ts';
import { hubDomain } from '../../registry-auth.ts';
import { readProtobuf, textField } from '../protobuf-reader.ts';
import { writeProtobuf } from '../protobuf-writer.ts';
import type { GrpcHandler } from './grpc-server.ts';

/**
 * Answers BuildKit's question for the credentials of one registry (`moby.filesync.v1.Auth`): request Host 1, answer
 * Username 1, Secret 2. An identity token is a Secret without a Username. Each registry is told its own only.
 */
export function createAuthService(credentialsFor: CredentialsFor): Map<string, GrpcHandler> {
  const credentials: GrpcHandler = async ({ messages, send }) => {
    for await (const message of messages) {
      const host = textField(readProtobuf(message), 1);
      const found = await credentialsFor(hubDomain(host));
      const isToken = found !== null && 'identitytoken' in found;
      const username = found === null || isToken ? '' : found.username;
      const secret = found === null ? '' : isToken ? found.identitytoken : found.password;
      await send(
        writeProtobuf([
          [1, username],
          [2, secret],
        ]),
      );
    }
  };
  return new Map([['/moby.filesync.v1.Auth/Credentials', credentials]]);
}
