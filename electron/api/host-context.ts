import type { Readable } from 'node:stream';
import type { AppInfo, Change } from '#shared/contract/app.ts';
import type { TerminalBuilds } from '../engine/builtin/terminal-builds.ts';
import type {
  ArchiveViewer,
  BaseInspector,
  BuildAdvisor,
  BuildRecords,
  Diagnostics,
  ProjectReader,
  RegistryAccounts,
  RegistryBrowser,
  RegistryTransfers,
  SampleMaker,
  TagHistory,
  TagSources,
  WorkbenchEngine,
} from '../engine/ports.ts';
import type { ReferrerReader } from '../engine/remote/referrer-reader.ts';
import type { Broadcast } from '../operations/broadcast.ts';
import type { OperationRegistry } from '../operations/operation-registry.ts';
import type { CertificateTrust } from '../registry/certificate-trust.ts';
import type { Grants } from '../settings/grants.ts';
import type { ProjectsStore } from '../settings/projects-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { ShareControl } from '../share/share-control.ts';

/** A file made on demand for the person at the page. */
export interface Download {
  /** File name to offer. */
  readonly name: string;
  /** Bytes if known: lets a browser show progress. */
  readonly size?: number | undefined;
  /** Called at most once, when the bytes are wanted. */
  open(signal: AbortSignal): Promise<Readable>;
}

/** Where a download went: a path that was written, or an address that works once. Both null: cancelled. */
export interface DownloadPlace {
  readonly path: string | null;
  readonly url: string | null;
}

/** What only a host can do: dialogs on the desktop, addresses in the web host. */
export interface HostPort {
  readonly kind: AppInfo['host'];
  /** Opens the native dialog; null when cancelled. Throws `unsupported` where there is none. */
  choosePath(
    title: string,
    what: 'folder' | 'archive' | 'layout' | 'file' | 'new-folder',
  ): Promise<string | null>;
  /** Writes the download where the person wants it, or hands out an address. */
  offerDownload(download: Download, signal: AbortSignal): Promise<DownloadPlace>;
  /** Opens an https address in the browser; false where the page should do it itself. */
  openExternal(url: URL): Promise<boolean>;
}

/** The core as one host holds it: everything the api needs. */
export interface HostContext {
  readonly version: string;
  /** The data folder. */
  readonly home: string;
  readonly host: HostPort;
  readonly engines: readonly WorkbenchEngine[];
  readonly operations: OperationRegistry;
  readonly changes: Broadcast<Change>;
  readonly settings: SettingsStore;
  readonly projects: ProjectsStore;
  readonly grants: Grants;
  readonly builds: BuildRecords;
  readonly advisor: BuildAdvisor;
  readonly reader: ProjectReader;
  readonly bases: BaseInspector;
  readonly sample: SampleMaker;
  readonly accounts: RegistryAccounts;
  readonly certificates: CertificateTrust;
  readonly transfers: RegistryTransfers;
  readonly tags: TagHistory;
  readonly tagSources: TagSources;
  readonly browser: RegistryBrowser;
  readonly referrers: ReferrerReader;
  /** Images at registries, addressed like those of an engine; not among `engines`. */
  readonly remote: WorkbenchEngine;
  /** Images in archives that a person chose, the same way. */
  readonly archives: WorkbenchEngine & ArchiveViewer;
  readonly diagnostics: Diagnostics;
  /** Kept up to date by who answers terminals; a part of the diagnostics. */
  readonly terminals: TerminalBuilds;
  /** The store as a registry for container tools of this machine; off until it is asked for. */
  readonly share: ShareControl;
  /** Writes down an error that nobody expected, with its stack, for the log. */
  report(error: unknown): void;
  /** Cancels running work and ends connections. */
  close(): Promise<void>;
}
