import { ArrowLeft, ArrowRight } from 'lucide-react';
import type { Command } from './command.ts';

/** Back to the place before. */
export const goBack: Command = {
  id: 'go-back',
  title: 'Back',
  group: 'Go to',
  icon: ArrowLeft,
  shortcuts: ['alt+arrowleft'],
  run: () => window.history.back(),
};

/** Forward again. */
export const goForward: Command = {
  id: 'go-forward',
  title: 'Forward',
  group: 'Go to',
  icon: ArrowRight,
  shortcuts: ['alt+arrowright'],
  run: () => window.history.forward(),
};
