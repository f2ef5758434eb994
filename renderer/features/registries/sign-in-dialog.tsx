import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { Dialog } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { hostProblem, KNOWN_REGISTRIES, normalHost, wantedOf } from './registry-host.ts';

interface SignInDialogProps {
  /** Filled in when the dialog opens. */
  readonly host: string | undefined;
  /** Shown again after the sign-in. */
  readonly next: Dialog | undefined;
  onClose(): void;
}

/** Signs in to a registry. The password lives in this dialog alone and goes with it. */
export function SignInDialog({ host: given = '', next, onClose }: SignInDialogProps): ReactNode {
  const store = useAppStore();
  const [host, setHost] = useState(given);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const { attempt, error, isBusy } = useAttempt();
  const problem = hostProblem(host);
  const isComplete = problem === null && username.trim() !== '' && password !== '';

  const leave = (): void => {
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
      leave();
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
      {error !== null && <ErrorNotice error={error} />}
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
        autoFocus={given !== ''}
        value={username}
        onValue={setUsername}
        error={isTried && username.trim() === '' ? 'Give the user name.' : undefined}
      />
      <TextField
        label="Password or token"
        type="password"
        autoComplete="current-password"
        value={password}
        onValue={setPassword}
        note={wantedOf(host)}
        error={isTried && password === '' ? 'Give the password or token.' : undefined}
      />
    </DialogFrame>
  );
}
