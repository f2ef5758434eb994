import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The screen of one image. */
export function ImageScreen(props: { readonly engine: string; readonly imageRef: string }): ReactNode {
  return <Screen title={<h1>{props.imageRef}</h1>}>{null}</Screen>;
}
