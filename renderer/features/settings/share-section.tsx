import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import type { ShareStatus, ShareUse } from '#shared/contract/share.ts';
import { Section, SettingRow } from './section.tsx';
import styles from './share.module.css';
import { shareTools } from './share-commands.ts';

/** Sharing the store with other tools of this machine: a switch, the address, lines to paste, and who used it. */
export function ShareSection(): ReactNode {
  const store = useAppStore();
  const status = useApp((state) => state.share.status);
  const load = useApp((state) => state.share.load);
  useEffect(() => {
    void store.getState().share.load();
  }, [store]);
  return (
    <Section title="Share this store">
      <RemoteView remote={status} what="the share" onRetry={() => void load()}>
        {(value) => <ShareBody status={value} />}
      </RemoteView>
    </Section>
  );
}

function ShareBody({ status }: { readonly status: ShareStatus }): ReactNode {
  const { start, stop } = useAppStore().getState().share;
  const { attempt, error, isBusy } = useAttempt({ several: true });
  const [port, setPort] = useState('');
  const [readOnly, setReadOnly] = useState(status.readOnly);
  const asked = port.trim() === '' ? undefined : Number(port);
  const isPort = asked === undefined || (Number.isInteger(asked) && asked >= 0 && asked <= 65535);
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} />}
      <SettingRow
        title={status.running ? 'On' : 'Off'}
        note={
          status.running
            ? 'Tools on this machine pull what is built here and push back, until this is turned off or Strata ends.'
            : 'A registry on 127.0.0.1 alone: Docker, Podman, containerd and a local Kubernetes pull what is built here and push back. Other machines do not reach it.'
        }
      >
        {status.running ? (
          <div className={styles.row}>
            {status.address === null ? null : (
              <span className={styles.address}>
                <code>{status.address}</code>
                <CopyButton label="Copy the address" text={status.address} />
              </span>
            )}
            <Button disabled={isBusy} onClick={() => void attempt(stop)}>
              Turn off
            </Button>
          </div>
        ) : (
          <div className={styles.row}>
            <TextField
              label="Port"
              mono
              value={port}
              placeholder="7421"
              error={isPort ? undefined : 'A number up to 65535'}
              onValue={setPort}
            />
            <Button
              tone="primary"
              disabled={isBusy || !isPort}
              onClick={() => void attempt(() => start({ port: asked, readOnly }))}
            >
              Turn on
            </Button>
          </div>
        )}
      </SettingRow>
      <SettingRow title="Read-only" note="Tools may pull and not push.">
        <Checkbox
          label="Give images and take none"
          checked={status.running ? status.readOnly : readOnly}
          onChecked={(next) => {
            setReadOnly(next);
            if (status.running) void attempt(() => start({ port: status.port ?? undefined, readOnly: next }));
          }}
        />
      </SettingRow>
      {status.running && status.address !== null ? <ShareLines address={status.address} /> : null}
      {status.running || status.recent.length > 0 ? <RecentUses uses={status.recent} /> : null}
    </>
  );
}

const NO_IMAGES: readonly ImageSummary[] = [];

function ShareLines({ address }: { readonly address: string }): ReactNode {
  const images = useApp((state) => valueOr(state.images.list, NO_IMAGES));
  const image = images.find(({ engine, names }) => engine === 'builtin' && names.length > 0)?.names[0];
  const tools = shareTools(address, image ?? 'NAME:TAG');
  const [chosen, setChosen] = useState(tools[0]?.name ?? '');
  const tool = tools.find(({ name }) => name === chosen);
  if (tool === undefined) return null;
  return (
    <div className={styles.tools}>
      <Segmented
        label="Tool"
        value={chosen}
        options={tools.map(({ name }) => ({ value: name, label: name }))}
        onValue={setChosen}
      />
      <div className={styles.lines}>
        <pre>{tool.lines}</pre>
        <CopyButton label={`Copy the lines for ${tool.name}`} text={tool.lines} />
      </div>
      <p className={text.dim}>{tool.note}</p>
    </div>
  );
}

const ACTS: Readonly<Record<ShareUse['act'], string>> = {
  pull: 'pulled',
  push: 'pushed',
  untag: 'untagged',
};

function RecentUses({ uses }: { readonly uses: readonly ShareUse[] }): ReactNode {
  if (uses.length === 0) return <p className={text.dim}>Nobody pulled or pushed anything yet.</p>;
  return (
    <ul className={styles.uses} aria-label="Who used the share">
      {uses.map((use) => (
        <li key={`${use.at} ${use.act} ${use.repository} ${use.selector}`} className={styles.use}>
          <span className={styles.client} title={use.client}>
            {use.client || 'a tool without a name'}
          </span>
          <span className={text.dim}>{ACTS[use.act]}</span>
          <span className={styles.name} title={use.digest ?? undefined}>
            {use.repository}
            {use.selector.includes(':') ? '@' : ':'}
            {use.selector}
          </span>
          <span className={text.dim}>
            <Age at={use.at} ago />
          </span>
        </li>
      ))}
    </ul>
  );
}
