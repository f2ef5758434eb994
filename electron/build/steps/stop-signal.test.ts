import { expect, it } from 'vitest';
import { isStopSignal } from './stop-signal.ts';

it.each([
  ...['SIGTERM', 'term', 'sigUsr1', 'SIGCLD', 'STKFLT', '9', '09', '+9', '-1', '99'],
  ...['SIGRTMIN', 'RTMIN+15', 'sigrtmax-14', 'RTMAX'],
])('%s is a signal', (signal) => expect(isStopSignal(signal)).toBe(true));

it.each([
  ...['', '0', '-0', 'SIG', 'SIGFOO', 'SIGSIGINT', 'SIGUNUSED', '9 ', '0x9', '99999999999999999999'],
  ...['SIGRTMIN+0', 'SIGRTMIN+16', 'SIGRTMAX-15', 'SIGRTMIN-1'],
])('%j is none', (signal) => expect(isStopSignal(signal)).toBe(false));
