import type { LucideIcon } from 'lucide-react';
import type { AppState, AppStore } from '#renderer/store/app-store.ts';

/** Something the user can ask for: the palette, shortcuts, menus and buttons all run the same one. */
export interface Command {
  /** Stable; the native menu sends it. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette. */
  readonly group:
    | 'Go to'
    | 'Images'
    | 'Projects'
    | 'Builds'
    | 'Containers'
    | 'Registries'
    | 'Engines'
    | 'View';
  /** `mod+k`: mod is Cmd on macOS, Ctrl elsewhere. The first is shown, all work. */
  readonly shortcuts?: readonly string[];
  readonly icon?: LucideIcon;
  /** Words that find it in the palette beside its title. */
  readonly keywords?: string;
  /** Whether it makes sense now; absent: always. */
  when?(state: AppState): boolean;
  run(store: AppStore): void | Promise<void>;
}
