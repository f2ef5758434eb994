import { Pin } from 'lucide-react';
import type { ReactNode } from 'react';
import { Chip } from '#renderer/components/chip.tsx';
import source from '#renderer/features/builds/source/source.module.css';
import type { BaseUse } from '#shared/contract/bases.ts';
import { floatingWords, isRemarkable, newerWords } from './base-words.ts';
import styles from './bases.module.css';
import { PinButton } from './pin-button.tsx';
import { useBasesAt } from './shown-bases.ts';

/** What there is to say of the images that an instruction takes from elsewhere: they move, or there is a newer one. */
export function BaseNotes({ line }: { readonly line: number }): ReactNode {
  const uses = useBasesAt(line).filter(isRemarkable);
  if (uses.length === 0) return null;
  return (
    <ul className={source.notes} aria-label="Images from elsewhere">
      {uses.map((use) => (
        <BaseNote key={use.written} use={use} />
      ))}
    </ul>
  );
}

function BaseNote({ use }: { readonly use: BaseUse }): ReactNode {
  const words = [
    floatingWords(use),
    use.newer === true ? newerWords(use) : null,
    use.pinnable ? null : use.problem,
  ];
  return (
    <li className={styles.note}>
      <Pin aria-hidden />
      <div>
        {use.state === 'floating' ? <Chip tone="warn">floating</Chip> : <Chip tone="pill">newer</Chip>}{' '}
        {words.filter((part) => part !== null).join(' ')} <PinButton use={use} />
      </div>
    </li>
  );
}
