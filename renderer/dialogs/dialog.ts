import type { BaseUse } from '#shared/contract/bases.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { TagMove } from '#shared/contract/tags.ts';

/**
 * An image that a dialog is about. `id` is its row identity, `ref` what the host is asked for (a name where it has one,
 * so that the host can speak of it), `name` what people read.
 */
export interface DialogImage {
  readonly engine: string;
  readonly id: string;
  readonly ref: string;
  readonly name: string;
}

/** Asks before something that cannot be undone. */
export interface ConfirmDialog {
  readonly kind: 'confirm';
  readonly title: string;
  readonly message: string;
  /** What it concerns, one a line. */
  readonly items?: readonly string[];
  /** The verb on the button: "Remove". */
  readonly confirm: string;
  readonly danger?: boolean;
  /** Done on yes; the dialog stays open with the error when it fails. */
  run(): Promise<void>;
}

/** Every dialog of the app. The host (dialog-host.tsx) draws each kind; a new kind fails to compile until it does. */
export type Dialog =
  | ConfirmDialog
  | { readonly kind: 'palette' }
  /** Every key that does something. */
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'error'; readonly title: string; readonly error: ErrorView }
  | { readonly kind: 'tag-image'; readonly image: DialogImage }
  /** Shows a base of the open project with its digest before that is written. */
  | { readonly kind: 'pin-base'; readonly use: BaseUse }
  /** A move of the journal, and the way back. */
  | { readonly kind: 'tag-move'; readonly move: TagMove }
  | { readonly kind: 'push-image'; readonly image: DialogImage; readonly target: string }
  /** Asks with which other image it is compared. */
  | { readonly kind: 'compare-image'; readonly image: DialogImage }
  /** Without `engine`: into the one that is shown. */
  | {
      readonly kind: 'pull-image';
      readonly reference?: string;
      readonly engine?: string;
      readonly platform?: string;
    }
  | { readonly kind: 'save-image'; readonly image: DialogImage }
  /** Asks to which engine the images go, or takes them from the one they are in; `why`: what else cannot be done. */
  | { readonly kind: 'send-images'; readonly images: readonly DialogImage[]; readonly to?: string }
  | { readonly kind: 'take-images'; readonly images: readonly DialogImage[]; readonly why?: string }
  | { readonly kind: 'load-image' }
  /** What an archive holds, to look inside or to load. */
  | { readonly kind: 'open-archive'; readonly path: string }
  /** A transfer that goes on or has ended. */
  | { readonly kind: 'operation'; readonly operationId: string }
  | { readonly kind: 'remove-images'; readonly engine: string; readonly ids: readonly string[] }
  /** `resume` is done after the sign-in, so that a push goes on where it stopped; else, and without one, `next` is shown. */
  | {
      readonly kind: 'sign-in';
      readonly host?: string;
      readonly next?: Dialog;
      resume?(): Promise<void>;
    }
  /** Deletes a tag at its registry, after its name was typed. */
  | { readonly kind: 'delete-tag'; readonly reference: string }
  /** Copies from one repository to another, not by way of this machine's images. */
  | { readonly kind: 'copy-image'; readonly from: string; readonly to: string }
  /** Shows the certificate of a registry; `resume` is done once it is trusted, else `next` is shown. */
  | {
      readonly kind: 'trust-certificate';
      readonly host: string;
      readonly next?: Dialog;
      resume?(): Promise<void>;
    }
  | { readonly kind: 'add-project' }
  | { readonly kind: 'create-sample' }
  | { readonly kind: 'build-options'; readonly projectId: string }
  /** Asks before a project is built twice and compared. */
  | { readonly kind: 'verify-build'; readonly projectId: string };
