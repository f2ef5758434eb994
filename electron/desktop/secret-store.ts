import { join } from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import type { SecretStore } from '../registry/credentials/secret-store.ts';
import { type BrokenFileNotice, JsonDocument } from '../settings/json-document.ts';

const LABELS: Readonly<Record<string, string>> = {
  gnome_libsecret: 'GNOME keyring',
  kwallet: 'KDE wallet',
  kwallet5: 'KDE wallet',
  kwallet6: 'KDE wallet',
};
const WEAK = 'This desktop offers no password store, so the key that protects the password is no secret.';

/** Values by key, each encrypted by the system and written as base64. */
const secretsFile = z.record(z.string(), z.string());

/**
 * The secret store of the operating system: values are encrypted with a key that it keeps, and lie in
 * `secrets.json` in the data folder. Null where the system cannot encrypt. Only after the app is ready.
 */
export async function openSecretStore(home: string, onBroken: BrokenFileNotice): Promise<SecretStore | null> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
  const { label, warning } = describeBackend(process.platform);
  const document = new JsonDocument<Record<string, string>>(
    join(home, 'secrets.json'),
    secretsFile,
    () => ({}),
    onBroken,
  );
  return {
    label,
    warning,
    get: async (key) => {
      const value = (await document.read())[key];
      if (value === undefined) return null;
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(value, 'base64'));
      return result;
    },
    set: async (key, value) => {
      const encrypted = (await safeStorage.encryptStringAsync(value)).toString('base64');
      await document.update((values) => ({ ...values, [key]: encrypted }));
    },
    remove: async (key) => {
      await document.update(({ [key]: _, ...others }) => others);
    },
  };
}

/** What keeps the key, in words. */
export function describeBackend(platform: NodeJS.Platform): { label: string; warning: string | null } {
  if (platform === 'darwin') return { label: 'macOS Keychain', warning: null };
  if (platform === 'win32') return { label: 'Windows account', warning: null };
  const backend = safeStorage.getSelectedStorageBackend();
  const label = LABELS[backend];
  return label === undefined ? { label: 'Strata', warning: WEAK } : { label, warning: null };
}
