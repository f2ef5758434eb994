import type { ReactNode } from 'react';
import type { ErrorView } from '#shared/contract/common.ts';
import styles from './error-details.module.css';

/** What a person who knows the machine wants beside the plain words: codes, host, status, the system's own text. */
export function ErrorDetails({ error }: { readonly error: ErrorView }): ReactNode {
  const facts = errorFacts(error);
  if (facts.length < 2) return null;
  return (
    <details className={styles.details}>
      <summary>Details</summary>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The same as text, with the plain words first, to be put into a report. */
export function errorText(error: ErrorView): string {
  const facts = errorFacts(error).map(([name, value]) => `${name}: ${value}`);
  return [error.message, error.hint, ...facts].filter((line) => line !== undefined).join('\n');
}

type Fact = readonly [name: string, value: string];

function errorFacts({ code, detail }: ErrorView): readonly Fact[] {
  const facts: (readonly [string, string | number | undefined])[] = [['Kind', code]];
  if (detail?.kind === 'registry') {
    const { host, repository, status, registryCode, reason } = detail;
    facts.push(['Registry', host], ['Repository', repository], ['HTTP status', status]);
    facts.push(['Code of the registry', registryCode], ['The connection', reason]);
  } else if (detail?.kind === 'digest') facts.push(['Expected', detail.expected], ['Actual', detail.actual]);
  else if (detail?.kind === 'tag')
    facts.push(['Tag', detail.reference], ['Names now', detail.current], ['Would name', detail.wanted]);
  else if (detail?.kind === 'path') facts.push(['Path', detail.path]);
  return facts.flatMap(([name, value]): Fact[] => (value === undefined ? [] : [[name, String(value)]]));
}
