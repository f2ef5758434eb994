import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { Notice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { VerifiedFile, VerifyReport } from '#shared/contract/verify.ts';
import { formatCount } from '#shared/format/count.ts';
import { shortenCommand, shortenDigest } from '#shared/format/shorten.ts';
import styles from './verify.module.css';

/** Files of a step that are shown at once. */
const FEW = 12;

interface VerifyOutcomeProps {
  readonly report: VerifyReport;
  readonly operationId: string;
}

/** Whether both builds gave the same, else every file that differs and why. */
export function VerifyOutcome({ report, operationId }: VerifyOutcomeProps): ReactNode {
  const { equal, digests, steps, config } = report;
  if (equal)
    return (
      <Notice tone="ok" title="Both builds gave the same image, byte for byte">
        <span className={text.mono}>{digests[0]}</span>{' '}
        <CopyButton label="Copy the digest" text={digests[0]} />
      </Notice>
    );
  return (
    <>
      <Notice
        tone="warn"
        title={`The builds differ in ${formatCount(
          steps.reduce((sum, step) => sum + step.fileCount, 0),
          'file',
        )}`}
      >
        first {shortenDigest(digests[0])}, second {shortenDigest(digests[1])}
      </Notice>
      {report.onlyTimes && !report.reproducible && <OnlyTimes operationId={operationId} />}
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have the same text
        <StepFiles key={index} step={step} />
      ))}
      {config.length > 0 && <Settings config={config} />}
    </>
  );
}

/** One click away from equal builds. */
function OnlyTimes({ operationId }: { readonly operationId: string }): ReactNode {
  const store = useAppStore();
  const origin = useApp((state) => state.transfers.origins[operationId]?.dialog);
  const projectId = origin?.kind === 'verify-build' ? origin.projectId : null;
  const project = useApp((state) => valueOr(state.projects.list, []).find(({ id }) => id === projectId));
  const { attempt, isBusy } = useAttempt();
  const turnOn = (): void => {
    if (project === undefined) return;
    const options = { ...project.options, reproducible: true };
    void attempt(async () => {
      const { projects, transfers } = store.getState();
      await projects.setOptions(project.id, options);
      await transfers.verify(project.id, options);
    });
  };
  return (
    <Notice
      title="Only times differ"
      actions={
        project !== undefined && (
          <Button small disabled={isBusy} onClick={turnOn}>
            Make the project reproducible and verify again
          </Button>
        )
      }
    >
      Built reproducibly, the images would be the same.
    </Notice>
  );
}

function StepFiles({ step }: { readonly step: VerifyReport['steps'][number] }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { createdBy, fileCount, files } = step;
  const shown = isOpen ? files : files.slice(0, FEW);
  return (
    <section className={styles.section}>
      <code className={styles.command}>{shortenCommand(createdBy)}</code>
      {files.length === 0 && <p className={text.dim}>The same files, packed in another way.</p>}
      <ul className={styles.files}>
        {shown.map((file) => (
          <File key={`${file.path}${file.detail}`} file={file} />
        ))}
      </ul>
      {!isOpen && files.length > FEW && (
        <Button tone="link" onClick={() => setOpen(true)}>
          and {formatCount(fileCount - FEW, 'more file')}
        </Button>
      )}
      {isOpen && fileCount > files.length && (
        <p className={text.faint}>
          The first {files.length} of {fileCount}; strata verify --json tells all.
        </p>
      )}
    </section>
  );
}

function File({ file }: { readonly file: VerifiedFile }): ReactNode {
  const { path, kinds, detail, cause } = file;
  return (
    <li className={styles.file}>
      <span className={classNames(text.mono, styles.path)}>/{path}</span>
      <span className={styles.kinds}>{kinds.map(kindWords).join(', ')}</span>
      <span className={styles.detail}>
        {detail}
        {cause !== null && <span className={text.warn}> {cause}</span>}
      </span>
    </li>
  );
}

/** `first` and `second` say which build alone has the file. */
function kindWords(kind: string): string {
  return kind === 'first' || kind === 'second' ? `only in the ${kind}` : kind;
}

function Settings({ config }: Pick<VerifyReport, 'config'>): ReactNode {
  return (
    <section className={styles.section}>
      <b>Settings of the image</b>
      <ul className={styles.files}>
        {config.map(({ field, before, after }) => (
          <li key={field} className={styles.file}>
            <span className={styles.path}>{field}</span>
            <span className={styles.kinds}>setting</span>
            <span className={styles.detail}>
              {before ?? 'not set'}, then {after ?? 'not set'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
