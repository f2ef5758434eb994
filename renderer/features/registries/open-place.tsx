import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { Route } from '#renderer/store/route.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { AppError } from '#shared/errors/app-error.ts';
import { familiarReference, parseReference } from '#shared/oci/reference.ts';
import styles from './registries.module.css';
import { hostProblem, normalHost } from './registry-host.ts';

/** A field that leads to a registry, to a repository, or to an image of one. */
export function OpenPlace(props: {
  readonly label: string;
  readonly placeholder: string;
  /** Where repositories without a host are looked for. */
  readonly host?: string;
}): ReactNode {
  const store = useAppStore();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const open = (): void => {
    const place = placeOf(text, props.host);
    if (typeof place === 'string') setProblem(place);
    else store.getState().navigation.go(place);
  };
  return (
    <form
      className={styles.open}
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <TextField
        className={styles.place}
        label={props.label}
        hideLabel
        mono
        placeholder={props.placeholder}
        value={text}
        error={problem}
        onValue={(value) => {
          setProblem(undefined);
          setText(value);
        }}
      />
      <Button type="submit">Open</Button>
    </form>
  );
}

/** Where a text leads: a host to its registry, a name to its tags, a name with tag or digest to the image. */
export function placeOf(text: string, host?: string): Route | string {
  const wanted = text.trim().replace(/^https?:\/\//i, '');
  const isHost = host === undefined && !wanted.replace(/\/$/, '').includes('/') && looksLikeHost(wanted);
  if (wanted === '') return host === undefined ? 'Give a registry or a repository.' : 'Give a repository.';
  if (isHost) return hostProblem(wanted) ?? { screen: 'registry', host: normalHost(wanted) };
  try {
    const own = host === undefined || wanted.startsWith(`${host}/`) ? wanted : `${host}/${wanted}`;
    const reference = parseReference(own);
    const { domain, path, tag, digest } = reference;
    if (tag === undefined && digest === undefined) return { screen: 'repository', name: `${domain}/${path}` };
    return { screen: 'image', engine: 'registry', ref: familiarReference(reference) };
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** `nginx` and `nginx:1.27` are repositories of Docker Hub; `quay.io` and `localhost:5000` are hosts. */
function looksLikeHost(text: string): boolean {
  return /^(?:[^:/]*\.[^:/]*(?::\d+)?|localhost(?::\d+)?|\[[^\]]*\](?::\d+)?|[^:/.]+:\d{4,5})\/?$/i.test(
    text,
  );
}
