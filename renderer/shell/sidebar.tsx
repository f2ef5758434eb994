import type { ReactNode } from 'react';
import { SCREENS, type ScreenEntry } from '#renderer/commands/screens.ts';
import { formatShortcut, isMacPlatform } from '#renderer/commands/shortcuts.ts';
import { formatRoute, topScreen } from '#renderer/store/route.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { Brand } from './brand.tsx';
import { EngineBox } from './engine-box.tsx';
import styles from './sidebar.module.css';

/** The way to every screen, and the engine that they show. */
export function Sidebar(): ReactNode {
  const current = useApp((state) => topScreen(state.navigation.route));
  const entry = (screen: ScreenEntry): ReactNode => (
    <SidebarLink key={screen.screen} entry={screen} isCurrent={screen.screen === current} />
  );
  return (
    <nav className={styles.sidebar} aria-label="Screens">
      <div className={styles.brand}>
        <Brand />
        <span className={styles.label}>Strata</span>
      </div>
      {SCREENS.filter(({ screen }) => screen !== 'settings').map(entry)}
      <div className={styles.space} />
      <EngineBox />
      {SCREENS.filter(({ screen }) => screen === 'settings').map(entry)}
    </nav>
  );
}

function SidebarLink(props: { readonly entry: ScreenEntry; readonly isCurrent: boolean }): ReactNode {
  const { screen, title, icon: Icon, shortcuts } = props.entry;
  const isMac = isMacPlatform(navigator.platform);
  return (
    <a
      className={styles.link}
      href={formatRoute({ screen })}
      title={title}
      aria-current={props.isCurrent ? 'page' : undefined}
      aria-keyshortcuts={shortcuts[0]?.replace('mod', isMac ? 'Meta' : 'Control')}
    >
      <Icon aria-hidden />
      <span className={styles.label}>{title}</span>
      {screen === 'settings' ? null : (
        <span className={styles.key} aria-hidden>
          {formatShortcut(shortcuts[0] ?? '', isMac)}
        </span>
      )}
    </a>
  );
}
