import type { RateLimit, RegistryAccount, ServerCertificate } from '#shared/contract/registries.ts';
import { askLimit } from './ask-limit.ts';
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
  /** The pulls that hosts still allow, as far as they were asked and tell. */
  readonly limits: Readonly<Record<string, RateLimit | null>>;
  askLimit(host: string): Promise<void>;
  /** The certificate of the host that is asked about. */
  readonly certificate: Remote<ServerCertificate>;
  /** Hosts whose certificate Strata was told to trust. */
  readonly trusted: Remote<readonly TrustedCertificate[]>;
  readCertificate(host: string): Promise<void>;
  /** Rejects where the host shows another certificate by now. */
  trust(host: string, fingerprint: string): Promise<void>;
  distrust(host: string): Promise<void>;
}

/** A certificate as it is kept. */
export type TrustedCertificate = Omit<ServerCertificate, 'obstacle'>;

/** Makes the registries slice. */
export const createRegistriesSlice: SliceCreator<RegistriesSlice> = (tools) => {
  const loader = createLoader();
  const certificates = createLoader();
  const trustLists = createLoader();
  const loadTrusted = (): Promise<void> =>
    trustLists.load<readonly TrustedCertificate[]>(
      tools.own().trusted,
      (signal) => tools.client.registries.trusted(undefined, { signal }),
      (trusted) => tools.set({ trusted }),
    );
  const load = async (): Promise<void> => {
    const accounts = loader.load<readonly RegistryAccount[]>(
      tools.own().list,
      (signal) => tools.client.registries.list(undefined, { signal }),
      (list) => tools.set({ list }),
    );
    await Promise.all([accounts, loadTrusted()]);
  };
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
    limits: {},
    askLimit: async (host) => {
      const limit = await askLimit(tools, host);
      tools.set({ limits: { ...tools.own().limits, [host]: limit } });
    },
    certificate: IDLE,
    trusted: IDLE,
    readCertificate: (host) =>
      certificates.load<ServerCertificate>(
        tools.own().certificate,
        (signal) => tools.client.registries.certificate({ host }, { signal }),
        (certificate) => tools.set({ certificate }),
        { fresh: true },
      ),
    trust: async (host, fingerprint) => {
      await tools.client.registries.trust({ host, fingerprint });
      await loadTrusted();
    },
    distrust: async (host) => {
      await tools.client.registries.distrust({ host });
      await loadTrusted();
    },
  };
};
