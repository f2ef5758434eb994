import type { ReactNode } from 'react';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { BuildsSection } from './builds-section.tsx';
import { DiagnosticsSection } from './diagnostics-section.tsx';
import { EnginesSection } from './engines-section.tsx';
import { RegistriesSection } from './registries-section.tsx';
import { SectionList } from './section-list.tsx';
import styles from './settings.module.css';
import { ShareSection } from './share-section.tsx';

/** The settings and what the machine is found to be like. Every change counts at once. */
export function SettingsScreen(): ReactNode {
  const settings = useApp((state) => state.settings.value);
  const load = useApp((state) => state.settings.load);
  return (
    <Screen title={<h1>Settings</h1>}>
      <RemoteView remote={settings} what="settings" onRetry={() => void load()}>
        {(value) => (
          <div className={styles.columns}>
            <div className={styles.page}>
              <AppearanceSection settings={value} />
              <EnginesSection settings={value} />
              <RegistriesSection settings={value} />
              <ShareSection />
              <BuildsSection settings={value} />
              <DiagnosticsSection />
              <AboutSection />
            </div>
            <SectionList />
          </div>
        )}
      </RemoteView>
    </Screen>
  );
}
