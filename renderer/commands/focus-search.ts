import { Search } from 'lucide-react';
import type { Command } from './command.ts';

/** The search fields of screens bear this attribute; the first one that is visible gets the focus. */
export const SEARCH_ATTRIBUTE = 'data-search';

/** Puts the cursor into the search field of the screen. */
export const focusSearch: Command = {
  id: 'focus-search',
  title: 'Search this screen',
  group: 'View',
  icon: Search,
  shortcuts: ['mod+f', '/'],
  run: () => {
    const field = document.querySelector<HTMLInputElement>(`input[${SEARCH_ATTRIBUTE}]`);
    field?.focus();
    field?.select();
  },
};
