import type { RegistryAccount } from '#shared/contract/registries.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What is needed to sign in. It is handed through and never kept in the state. */
export interface Credential {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** What the page knows of the registry accounts. */
export interface RegistriesSlice {
  readonly list: Remote<readonly RegistryAccount[]>;
  load(): Promise<void>;
  /** Signs in after the registry has accepted the credential; rejects with its refusal, and then nothing is kept. */
  login(credential: Credential): Promise<RegistryAccount>;
  /** Rejects with the host's refusal. */
  logout(host: string): Promise<void>;
}

/** Makes the registries slice. */
export const createRegistriesSlice: SliceCreator<RegistriesSlice> = (tools) => {
  const loader = createLoader();
  const load = (): Promise<void> =>
    loader.load<readonly RegistryAccount[]>(
      tools.own().list,
      (signal) => tools.client.registries.list(undefined, { signal }),
      (list) => tools.set({ list }),
    );
  return {
    list: IDLE,
    load,
    login: async (credential) => {
      const account = await tools.client.registries.login(credential);
      await load();
      return account;
    },
    logout: async (host) => {
      await tools.client.registries.logout({ host });
      await load();
    },
  };
};
