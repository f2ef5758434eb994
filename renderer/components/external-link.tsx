import type { ReactNode } from 'react';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { Button } from './button.tsx';
import styles from './external-link.module.css';

/**
 * A link that leaves the app. In a browser it opens beside the page; the desktop shows the whole address first and
 * asks, because what a label says and where it leads may differ.
 */
export function ExternalLink(props: { readonly url: string; readonly children: ReactNode }): ReactNode {
  const store = useAppStore();
  const isDesktop = useApp(
    (state) => state.host.info.status === 'ready' && state.host.info.value.host === 'desktop',
  );
  if (!isWebAddress(props.url)) return <span>{props.children}</span>;
  if (!isDesktop)
    return (
      <a className={styles.link} href={props.url} target="_blank" rel="noreferrer noopener" title={props.url}>
        {props.children}
      </a>
    );
  const ask = (): void => {
    const { dialogs, host } = store.getState();
    dialogs.show({
      kind: 'confirm',
      title: 'Open in the browser',
      message: 'This leads out of Strata, to:',
      items: [props.url],
      confirm: 'Open',
      run: () => host.openExternal(props.url),
    });
  };
  return (
    <Button tone="link" className={styles.link} onClick={ask} title={props.url}>
      {props.children}
    </Button>
  );
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
