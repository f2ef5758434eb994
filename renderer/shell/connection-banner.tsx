import { Unplug } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useApp } from '#renderer/store/store-context.tsx';
import styles from './connection-banner.module.css';

/** A restart of the host takes less; only what lasts longer is worth words. */
const PATIENCE = 2500;

/** Says that the host is away, once that has lasted a moment. What is on the screen stays. */
export function ConnectionBanner(): ReactNode {
  const isLost = useApp((state) => state.host.connection === 'lost');
  const isWeb = useApp((state) => state.host.info.status !== 'ready' || state.host.info.value.host === 'web');
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isLost) return;
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isLost]);
  if (!isLost || !isLong) return null;
  return (
    <div className={styles.banner} role="alert">
      <Unplug aria-hidden />
      <span>
        <strong>Strata does not answer.</strong> It is being tried again.
        {isWeb ? ' If it was started anew, open the address that it prints.' : ''}
      </span>
    </div>
  );
}
