import {
  Archive,
  Box,
  Folder,
  HardDrive,
  History,
  Layers,
  type LucideIcon,
  Settings,
  Tag,
} from 'lucide-react';
import type { TopScreen } from '#renderer/store/route.ts';

/** A screen of the sidebar. */
export interface ScreenEntry {
  readonly screen: TopScreen;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly shortcuts: readonly string[];
}

/** The screens in the order of the sidebar. Browsers keep Ctrl+digit for their tabs, so Alt+digit works as well. */
export const SCREENS: readonly ScreenEntry[] = [
  { screen: 'projects', title: 'Projects', icon: Folder, shortcuts: ['mod+1', 'alt+1'] },
  { screen: 'images', title: 'Images', icon: Layers, shortcuts: ['mod+2', 'alt+2'] },
  { screen: 'builds', title: 'Builds', icon: History, shortcuts: ['mod+3', 'alt+3'] },
  { screen: 'containers', title: 'Containers', icon: Box, shortcuts: ['mod+4', 'alt+4'] },
  { screen: 'registries', title: 'Registries', icon: Archive, shortcuts: ['mod+5', 'alt+5'] },
  { screen: 'storage', title: 'Storage', icon: HardDrive, shortcuts: ['mod+6', 'alt+6'] },
  { screen: 'tags', title: 'Tags', icon: Tag, shortcuts: ['mod+7', 'alt+7'] },
  { screen: 'settings', title: 'Settings', icon: Settings, shortcuts: ['mod+,'] },
];
