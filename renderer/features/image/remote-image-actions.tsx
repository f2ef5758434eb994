import { Copy, Download, GitCompare } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Select } from '#renderer/components/select.tsx';
import { platformName } from '#renderer/features/registries/platform-name.ts';
import { REMOTE_ENGINE } from '#renderer/store/route.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';

/** What can be done with an image at a registry: another platform, compare, copy, pull. */
export function RemoteImageActions(props: {
  readonly image: ImageSummary;
  readonly remote: NonNullable<ImageDetail['remote']>;
}): ReactNode {
  const { image, remote } = props;
  const store = useAppStore();
  const { dialogs } = store.getState();
  const name = remote.reference;
  const platform = image.platform === null ? '' : platformName(image.platform);
  const pull = (): void =>
    dialogs.show({
      kind: 'pull-image',
      reference: name,
      engine: 'builtin',
      ...(remote.platforms.length < 2 ? {} : { platform }),
    });
  return (
    <>
      <PlatformChoice image={image} remote={remote} />
      <Button
        icon={<GitCompare aria-hidden />}
        onClick={() =>
          dialogs.show({
            kind: 'compare-image',
            image: { engine: REMOTE_ENGINE, id: image.id, ref: image.id, name },
          })
        }
      >
        Compare…
      </Button>
      <Button
        icon={<Copy aria-hidden />}
        onClick={() => dialogs.show({ kind: 'copy-image', from: name, to: '' })}
      >
        Copy…
      </Button>
      <Button tone="primary" icon={<Download aria-hidden />} onClick={pull}>
        Pull…
      </Button>
    </>
  );
}

/** Which image of the list is shown; nothing where there is one alone. */
function PlatformChoice(props: {
  readonly image: ImageSummary;
  readonly remote: NonNullable<ImageDetail['remote']>;
}): ReactNode {
  const { image, remote } = props;
  const store = useAppStore();
  const options = useMemo(
    () => remote.platforms.map(({ platform, digest }) => ({ value: digest, label: platformName(platform) })),
    [remote],
  );
  const digest = image.id.replace(/^.*@/, '');
  if (options.length < 2) return null;
  const choose = (chosen: string): void => {
    const tagged = remote.reference.includes('@') ? remote.reference.replace(/@.*$/, '') : remote.reference;
    store.getState().navigation.go({ screen: 'image', engine: REMOTE_ENGINE, ref: `${tagged}@${chosen}` });
  };
  return <Select label="Platform" hideLabel value={digest} options={options} onValue={choose} />;
}
