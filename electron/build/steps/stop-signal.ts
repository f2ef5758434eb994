/** Names of Linux on any machine, those that moby/sys/signal knows. */
const NAMES = new Set(
  [
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP',
    'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX',
  ].flatMap((names) => names.split(' ')),
);
/** Real-time signals count up from the first, or down from the last. */
const REAL_TIME = /^(?:RTMIN\+(?:[1-9]|1[0-5])|RTMAX-(?:[1-9]|1[0-4]))$/;
const MAX_INT64 = 2n ** 63n - 1n;

/** Whether STOPSIGNAL takes it: a number that is not 0, or a name with or without SIG, in any case. */
export function isStopSignal(signal: string): boolean {
  if (/^[+-]?\d+$/.test(signal)) {
    const number = BigInt(signal.replace('+', ''));
    return number !== 0n && number <= MAX_INT64 && number >= -MAX_INT64;
  }
  const name = signal.toUpperCase().replace(/^SIG/, '');
  return NAMES.has(name) || REAL_TIME.test(name);
}
