import type { ReactNode } from 'react';
import { hostProblem, normalHost } from '#renderer/features/registries/registry-host.ts';
import type { SettingsView } from '#shared/contract/settings.ts';
import { markedRepository } from '#shared/oci/immutable-tags.ts';
import { ListSetting } from './list-setting.tsx';
import { formatMirror, parseMirror } from './mirrors.ts';
import { Section, SettingRow } from './section.tsx';
import { useChange } from './use-change.tsx';

/** The settings that are lists of words. */
type ListKey = 'insecureHosts' | 'floatingTags' | 'immutableRepositories';

/** How registries are reached, and which tags may move. */
export function RegistriesSection({ settings }: { readonly settings: SettingsView }): ReactNode {
  const { change, problem } = useChange();
  const mirrors = Object.entries(settings.mirrors).map(formatMirror);
  // By what the list is then: another entry may be on its way.
  const entries = (key: ListKey, normal = (text: string) => text) => ({
    onAdd: (value: string) =>
      void change((before) => ({ [key]: [...new Set([...(before[key] ?? []), normal(value)])] })),
    onRemove: (value: string) =>
      void change((before) => ({ [key]: (before[key] ?? []).filter((other) => other !== value) })),
  });
  return (
    <Section title="Registries">
      {problem}
      <SettingRow
        title="Mirrors"
        note="A registry that is asked first instead of another, such as docker.io = mirror.example.com."
      >
        <ListSetting
          noun="mirror"
          placeholder="docker.io = localhost:5000"
          values={mirrors}
          check={(text) => {
            const parsed = parseMirror(text);
            return typeof parsed === 'string' ? parsed : null;
          }}
          onAdd={(text) => {
            const pair = parseMirror(text);
            if (typeof pair === 'string') return;
            void change((before) => ({ mirrors: { ...before.mirrors, [pair[0]]: pair[1] } }));
          }}
          onRemove={(text) =>
            void change((before) => ({
              mirrors: Object.fromEntries(
                Object.entries(before.mirrors).filter((pair) => formatMirror(pair) !== text),
              ),
            }))
          }
        />
      </SettingRow>
      <SettingRow
        title="Insecure hosts"
        note="They may be spoken to over plain http or with a certificate that cannot be verified. Loopback always may."
      >
        <ListSetting
          noun="insecure host"
          placeholder="registry.lan:5000"
          values={settings.insecureHosts}
          check={hostProblem}
          {...entries('insecureHosts', normalHost)}
        />
      </SettingRow>
      <SettingRow
        title="Floating tags"
        note="Tags that are meant to move: pushing one over other content needs no second question."
      >
        <ListSetting
          noun="floating tag"
          placeholder="edge"
          values={settings.floatingTags}
          check={(text) => (/^\w[\w.-]{0,127}$/.test(text) ? null : `"${text}" is not a tag.`)}
          {...entries('floatingTags')}
        />
      </SettingRow>
      <SettingRow
        title="Immutable repositories"
        note="Their tags are meant to stay, floating ones too: moving or deleting one there needs its name typed. End with /* for all below."
      >
        <ListSetting
          noun="immutable repository"
          nouns="immutable repositories"
          placeholder="ghcr.io/acme/*"
          values={settings.immutableRepositories ?? []}
          check={repositoryProblem}
          {...entries('immutableRepositories')}
        />
      </SettingRow>
    </Section>
  );
}

function repositoryProblem(text: string): string | null {
  if (markedRepository(text) === null) return `"${text}" is not the name of a repository.`;
  return /[@]|:[^/]*$/.test(text) ? 'Leave out the tag: all tags of the repository are meant.' : null;
}
