import { Archive, LogOut, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { signIn } from '#renderer/commands/sign-in.ts';
import { Button } from '#renderer/components/button.tsx';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { RegistryAccount } from '#shared/contract/registries.ts';
import { formatCount } from '#shared/format/count.ts';
import styles from './registries.module.css';

/** The registries that Strata has credentials for. */
export function RegistriesScreen(): ReactNode {
  const list = useApp((state) => state.registries.list);
  const load = useApp((state) => state.registries.load);
  return (
    <Screen
      title={<h1>Registries</h1>}
      actions={
        list.status === 'ready' &&
        list.value.length > 0 && (
          <CommandButton command={signIn} tone="primary">
            Sign in…
          </CommandButton>
        )
      }
    >
      <RemoteView remote={list} what="accounts" onRetry={() => void load()}>
        {(accounts) => (accounts.length === 0 ? <NoAccounts /> : <Accounts accounts={accounts} />)}
      </RemoteView>
    </Screen>
  );
}

function Accounts({ accounts }: { readonly accounts: readonly RegistryAccount[] }): ReactNode {
  return (
    <div className={styles.page}>
      <ul className={styles.accounts} aria-label="Accounts">
        {accounts.map((account) => (
          <Account key={account.host} account={account} />
        ))}
      </ul>
      <Reach />
    </div>
  );
}

function Account({ account }: { readonly account: RegistryAccount }): ReactNode {
  const store = useAppStore();
  const { host } = account;
  const signOut = (): void =>
    store.getState().dialogs.show({
      kind: 'confirm',
      title: `Sign out of ${host}?`,
      message: 'The credential is removed from this machine. Public images can still be pulled.',
      items: [`${account.username ?? 'token'}, kept in: ${account.source}`],
      confirm: 'Sign out',
      danger: true,
      run: () => store.getState().registries.logout(host),
    });
  return (
    <li className={styles.account}>
      <div className={styles.names}>
        <span className={styles.host}>{host}</span>
        <span className={text.dim}>
          {account.username === null ? 'with a token' : `as ${account.username}`}
          <span className={text.faint}> · {account.source}</span>
        </span>
        {account.warning !== null && (
          <span className={styles.warning}>
            <TriangleAlert aria-hidden /> {account.warning}
          </span>
        )}
      </div>
      <Button small onClick={() => store.getState().dialogs.show({ kind: 'sign-in', host })}>
        Sign in anew…
      </Button>
      <Button
        small
        icon={<LogOut aria-hidden />}
        unavailable={
          account.removable ? undefined : 'This credential belongs to another tool; sign out with that one.'
        }
        onClick={signOut}
      >
        Sign out…
      </Button>
    </li>
  );
}

/** How registries are reached: what the settings say of mirrors and insecure hosts. */
function Reach(): ReactNode {
  const settings = useApp((state) => valueOr(state.settings.value, null));
  if (settings === null) return null;
  const mirrors = Object.entries(settings.mirrors);
  return (
    <section className={styles.reach} aria-label="How registries are reached">
      <p>
        {mirrors.length === 0 ? 'No mirrors' : formatCount(mirrors.length, 'mirror')}
        {mirrors.length > 0 && (
          <span className={text.mono}> {mirrors.map(([from, to]) => `${from} → ${to}`).join(', ')}</span>
        )}
        {' · '}
        {settings.insecureHosts.length === 0
          ? 'no insecure hosts'
          : formatCount(settings.insecureHosts.length, 'insecure host')}
        {settings.insecureHosts.length > 0 && (
          <span className={text.mono}> {settings.insecureHosts.join(', ')}</span>
        )}
        {' · '}
        <a href={formatRoute({ screen: 'settings' })}>Change in Settings</a>
      </p>
    </section>
  );
}

function NoAccounts(): ReactNode {
  return (
    <EmptyState
      icon={Archive}
      title="Not signed in anywhere"
      actions={
        <CommandButton command={signIn} tone="primary">
          Sign in…
        </CommandButton>
      }
    >
      Public images can be pulled without an account. To push, or to pull private ones, sign in; accounts of
      the docker command are used as they are.
    </EmptyState>
  );
}
