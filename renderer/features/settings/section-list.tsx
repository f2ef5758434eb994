import type { ReactNode } from 'react';
import { sectionId } from './section.tsx';
import styles from './settings.module.css';

const SECTIONS = [
  'Appearance',
  'Engines',
  'Registries',
  'Share this store',
  'Builds',
  'Diagnostics',
  'About',
] as const;

/** The sections of the page, where the window has room beside it: each leads to its heading. */
export function SectionList(): ReactNode {
  return (
    <nav className={styles.sections} aria-label="Sections">
      {SECTIONS.map((title) => (
        <button key={title} type="button" className={styles.sectionLink} onClick={() => goTo(title)}>
          {title}
        </button>
      ))}
    </nav>
  );
}

function goTo(title: string): void {
  const heading = document.getElementById(sectionId(title));
  heading?.closest('section')?.scrollIntoView({ block: 'start' });
  // Tab goes on from there.
  heading?.focus({ preventScroll: true });
}
