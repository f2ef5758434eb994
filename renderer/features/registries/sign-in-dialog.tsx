import { type ReactNode, useRef, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { Dialog } from '#renderer/dialogs/dialog.ts';
import { goOn, type Waiting } from '#renderer/dialogs/go-on.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import type { Remote } from '#renderer/store/remote.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ErrorView } from '#shared/contract/common.ts';
import type { RegistryAccount } from '#shared/contract/registries.ts';
import { RegistryErrorMend } from './registry-error-actions.tsx';
import { hostProblem, KNOWN_REGISTRIES, normalHost, wantedOf } from './registry-host.ts';
import { reloadShown } from './reload-shown.ts';

interface SignInDialogProps extends Waiting {
  /** Filled in when the dialog opens. */
  readonly host: string | undefined;
  onClose(): void;
}

/** Signs in to a registry. The password lives in this dialog alone and goes with it. */
export function SignInDialog(props: SignInDialogProps): ReactNode {
  const { host: given = '', next, resume, onClose } = props;
  const store = useAppStore();
  const [host, setHost] = useState(given);
  const known = useApp((state) => usernameAt(state.registries.list, normalHost(host)));
  const [typed, setTyped] = useState<string | null>(null);
  const username = typed ?? known;
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const { attempt, error, isBusy } = useAttempt();
  const problem = hostProblem(host);
  const isComplete = problem === null && username.trim() !== '' && password !== '';

  const isLeft = useRef(false);
  const leave = (): void => {
    isLeft.current = true;
    onClose();
    if (next !== undefined) store.getState().dialogs.show(next);
  };
  const signIn = (): void => {
    setTried(true);
    if (!isComplete) return;
    void attempt(async () => {
      const { registries, toasts } = store.getState();
      const account = await registries.login({ host: normalHost(host), username: username.trim(), password });
      toasts.add({
        tone: account.warning === null ? 'done' : 'info',
        title: `Signed in to ${account.host} as ${account.username ?? username.trim()}`,
        detail: account.warning ?? undefined,
      });
      // Whoever left meanwhile does not want to go on.
      if (isLeft.current) return;
      onClose();
      if (next === undefined && resume === undefined) void reloadShown(store.getState());
      else await goOn(store.getState(), { next, resume });
    });
  };

  return (
    <DialogFrame
      title="Sign in to a registry"
      size="small"
      onClose={leave}
      onSubmit={signIn}
      note={isBusy ? 'Asking the registry…' : undefined}
      actions={
        <>
          <Button onClick={leave}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy}>
            Sign in
          </Button>
        </>
      }
    >
      {error !== null && (
        <ErrorNotice error={error} actions={<CertificateMend error={error} host={host} next={next} />} />
      )}
      <TextField
        label="Registry"
        mono
        list="known-registries"
        placeholder="ghcr.io"
        autoFocus={given === ''}
        value={host}
        onValue={setHost}
        error={isTried && problem !== null ? problem : undefined}
      />
      <datalist id="known-registries">
        {KNOWN_REGISTRIES.map((registry) => (
          <option key={registry.host} value={registry.host} />
        ))}
      </datalist>
      <TextField
        label="User name"
        autoComplete="username"
        autoFocus={given !== '' && known === ''}
        value={username}
        onValue={setTyped}
        error={isTried && username.trim() === '' ? 'Give the user name.' : undefined}
      />
      <TextField
        label="Password or token"
        type="password"
        autoComplete="current-password"
        autoFocus={given !== '' && known !== ''}
        value={password}
        onValue={setPassword}
        note={wantedOf(host)}
        error={isTried && password === '' ? 'Give the password or token.' : undefined}
      />
    </DialogFrame>
  );
}

/** Who one is at a host already, so that only a password that has changed need be typed; empty where nobody is. */
function usernameAt(list: Remote<readonly RegistryAccount[]>, host: string): string {
  return valueOr(list, []).find((account) => account.host === host)?.username ?? '';
}

/** Where the sign-in failed for a certificate alone: the way to look at it, and back to the sign-in. */
function CertificateMend(props: {
  readonly error: ErrorView;
  readonly host: string;
  readonly next: Dialog | undefined;
}): ReactNode {
  const { error, host, next } = props;
  const back = next === undefined ? {} : { next };
  return error.code === 'tls' ? (
    <RegistryErrorMend error={error} next={{ kind: 'sign-in', host, ...back }} />
  ) : null;
}
