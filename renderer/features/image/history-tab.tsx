import { type ReactNode, useMemo } from 'react';
import { layerColours } from '#renderer/components/layer-colour.ts';
import { Age, Bytes } from '#renderer/components/quantity.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageDetail } from '#shared/contract/images.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import styles from './panels.module.css';

/** Every step that made the image, newest first as in the stack; a step with a layer leads to it. */
export function HistoryTab({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const store = useAppStore();
  const chosen = useApp((state) => state.image.layer);
  const colours = useMemo(() => layerColours(detail.layers), [detail]);
  const steps = useMemo(() => detail.history.map((step, index) => ({ step, index })).reverse(), [detail]);
  return (
    <ul>
      {steps.map(({ step, index }) => {
        const { layer } = step;
        const words = (
          <>
            <span
              className={classNames(styles.swatch, layer === null && styles.empty)}
              style={layer === null ? undefined : { background: colours[layer] }}
              aria-hidden
            />
            <span className={styles.command} title={step.createdBy}>
              {shortenCommand(step.createdBy)}
            </span>
            <span className={styles.end}>
              {layer === null ? <span className={text.faint}>no layer</span> : <Bytes value={step.size} />}
            </span>
            <span className={text.dim}>
              <Age at={step.createdAt} />
            </span>
          </>
        );
        return (
          <li key={index}>
            {layer === null ? (
              <div className={styles.step}>{words}</div>
            ) : (
              <button
                type="button"
                className={styles.step}
                aria-current={layer === chosen}
                onClick={() => store.getState().image.chooseLayer(layer)}
              >
                {words}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
