import { FolderDown } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useApp } from '#renderer/store/store-context.tsx';
import styles from './drop-overlay.module.css';

/**
 * What covers the window while something is dragged over it. On the desktop the preload takes the dropped folder, for
 * only it learns the path; a browser tells no page where a folder is, and would leave the page for a dropped file.
 */
export function DropOverlay(): ReactNode {
  const isDesktop = useApp(
    (state) => state.host.info.status === 'ready' && state.host.info.value.host === 'desktop',
  );
  const isDragging = useFilesOverWindow();
  if (!isDragging) return null;
  return (
    <div className={styles.overlay} role="status">
      <div className={styles.words}>
        <FolderDown aria-hidden />
        {isDesktop
          ? 'Drop a folder to add it as a project, or an image archive to look inside'
          : 'A browser does not tell where a dropped folder or file is. Use Open folder… or Open file… instead.'}
      </div>
    </div>
  );
}

/** Whether files are dragged over the window now. Keeps the browser from opening what is dropped. */
function useFilesOverWindow(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
    };
    const onLeave = (event: DragEvent): void => {
      // Without a related target the pointer has left the window itself.
      if (event.relatedTarget === null) setOver(false);
    };
    window.addEventListener('dragover', onOver, { signal });
    window.addEventListener('drop', onDrop, { signal });
    window.addEventListener('dragleave', onLeave, { signal });
    return () => controller.abort();
  }, []);
  return isOver;
}
