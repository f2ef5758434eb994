import type { ReactNode } from 'react';
import text from '#renderer/styles/text.module.css';
import type { ImageDetail } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import styles from './panels.module.css';

/** What a container made from the image starts with. */
export function ConfigTab({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const { config, summary } = detail;
  const { platform, size, unpackedSize } = summary;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Entrypoint', command(config.entrypoint)],
    ['Command', command(config.cmd)],
    ['Working folder', config.workingDir || '/'],
    ['User', config.user || 'root'],
    ['Ports', lines(config.exposedPorts)],
    ['Volumes', lines(config.volumes)],
    ['Environment', lines(config.env)],
    ['Labels', labels(config.labels)],
    ['Health check', config.healthcheck],
    ['Stop signal', config.stopSignal],
    ['Author', config.author],
    [
      'Platform',
      platform === null
        ? null
        : `${platform.os}/${platform.architecture}${platform.variant ? `/${platform.variant}` : ''}`,
    ],
    ['Base image', baseWords(detail.base)],
    ['Transfer size', size === null ? null : formatBytes(size)],
    ['Unpacked size', unpackedSize === null ? null : formatBytes(unpackedSize)],
    ['Image ID', detail.imageId],
    ['Manifest digest', detail.manifestDigest],
  ];
  return (
    <dl className={`${styles.panel} ${styles.facts}`}>
      {rows.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function baseWords(base: ImageDetail['base']): string | null {
  if (base === null) return null;
  return base.digest === null ? base.name : `${base.name}@${base.digest}`;
}

function Fact(props: { readonly name: string; readonly value: ReactNode }): ReactNode {
  const isEmpty = props.value === null || props.value === '';
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{isEmpty ? <span className={text.faint}>–</span> : props.value}</dd>
    </>
  );
}

/** A command in its exec form, which says exactly where one argument ends. */
function command(parts: readonly string[] | null): string | null {
  return parts === null || parts.length === 0 ? null : JSON.stringify(parts);
}

function lines(values: readonly string[]): ReactNode {
  if (values.length === 0) return null;
  return values.map((value) => <div key={value}>{value}</div>);
}

function labels(values: Readonly<Record<string, string>>): ReactNode {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return entries.map(([name, value]) => (
    <div key={name}>
      <span className={styles.label}>{name}=</span>
      {value}
    </div>
  ));
}
