import { Archive, LogOut, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { signIn } from '#renderer/commands/sign-in.ts';
import { Button } from '#renderer/components/button.tsx';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen, ScreenBar } from '#renderer/components/screen.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { RegistryAccount } from '#shared/contract/registries.ts';
import { formatCount } from '#shared/format/count.ts';
import type { KnownRegistry } from './known-registries.ts';
import { OpenPlace } from './open-place.tsx';
import styles from './registries.module.css';
import { TrustedCertificates } from './trusted-certificates.tsx';
import { useKnownRegistries } from './use-known-registries.ts';

/** The registries that Strata has credentials for or knows from the names of images, and the way to any other. */
export function RegistriesScreen(): ReactNode {
  const list = useApp((state) => state.registries.list);
  const load = useApp((state) => state.registries.load);
  const hasAccounts = list.status === 'ready' && list.value.length > 0;
  return (
    <Screen
      title={<h1>Registries</h1>}
      actions={
        hasAccounts && (
          <CommandButton command={signIn} tone="primary">
            Sign in…
          </CommandButton>
        )
      }
      bars={
        <ScreenBar label="Open a registry">
          <OpenPlace
            label="Registry or repository"
            placeholder="registry.example.com, ghcr.io/acme/web, nginx"
          />
        </ScreenBar>
      }
    >
      <RemoteView remote={list} what="accounts" onRetry={() => void load()}>
        {(accounts) => <Known accounts={accounts} />}
      </RemoteView>
    </Screen>
  );
}

function Known({ accounts }: { readonly accounts: readonly RegistryAccount[] }): ReactNode {
  const others = useKnownRegistries(accounts).filter((each) => each.account === null);
  return (
    <div className={styles.page}>
      {accounts.length === 0 ? (
        <NoAccounts />
      ) : (
        <ul className={styles.accounts} aria-label="Accounts">
          {accounts.map((account) => (
            <Account key={account.host} account={account} />
          ))}
        </ul>
      )}
      {others.length === 0 ? null : <OtherRegistries registries={others} />}
      <TrustedCertificates />
      <Reach />
    </div>
  );
}

/** Registries that images here are named after, or that were opened before. */
function OtherRegistries({ registries }: { readonly registries: readonly KnownRegistry[] }): ReactNode {
  const store = useAppStore();
  return (
    <section className={styles.others} aria-label="Other registries">
      <h2 className={styles.heading}>Used without an account</h2>
      <ul>
        {registries.map(({ host, repositories }) => (
          <li key={host} className={styles.account}>
            <div className={styles.names}>
              <HostLink host={host} />
              <Repositories names={repositories} />
            </div>
            <Button
              small
              aria-label={`Sign in to ${host}…`}
              onClick={() => store.getState().dialogs.show({ kind: 'sign-in', host })}
            >
              Sign in…
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const MOST_REPOSITORIES = 6;

function Repositories({ names }: { readonly names: readonly string[] }): ReactNode {
  const more = names.length - MOST_REPOSITORIES;
  return (
    <span className={styles.repositories}>
      {names.slice(0, MOST_REPOSITORIES).map((name) => (
        <a key={name} href={formatRoute({ screen: 'repository', name })} title={name}>
          {name.slice(name.indexOf('/') + 1)}
        </a>
      ))}
      {more > 0 ? (
        <span className={text.faint} title={names.slice(MOST_REPOSITORIES).join('\n')}>
          and {more} more
        </span>
      ) : null}
    </span>
  );
}

function HostLink({ host }: { readonly host: string }): ReactNode {
  return (
    <a className={styles.host} href={formatRoute({ screen: 'registry', host })}>
      {host}
    </a>
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
        <HostLink host={host} />
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
