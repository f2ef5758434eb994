import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import styles from './app.module.css';
import { keepFocusOnScreen } from './components/keep-focus.ts';
import { DialogHost } from './dialogs/dialog-host.tsx';
import { DropOverlay } from './features/projects/drop-overlay.tsx';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { ScreenHost } from './shell/screen-host.tsx';
import { Sidebar } from './shell/sidebar.tsx';
import { StatusBar } from './shell/status-bar.tsx';
import { ToastHost } from './shell/toast-host.tsx';

/** The layout of the page and nothing else. */
export function App(): ReactNode {
  return (
    // The page's policy forbids style elements, so the library must not make any.
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <div className={styles.app}>
          <Sidebar />
          <main ref={keepFocusOnScreen} tabIndex={-1} className={styles.main}>
            <ConnectionBanner />
            <ScreenHost />
          </main>
          <StatusBar />
        </div>
        <DialogHost />
        <ToastHost />
        <DropOverlay />
      </Tooltip.Provider>
    </CSPProvider>
  );
}
