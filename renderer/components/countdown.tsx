import { type ReactNode, useEffect, useState } from 'react';
import text from '#renderer/styles/text.module.css';

const TICK = 250;

/** The seconds until a time (milliseconds since 1970), counting down: "in 4 s", then "now". */
export function Countdown(props: { readonly to: number }): ReactNode {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((props.to - now) / 1000);
  // Read out once with what is around it, not at every tick.
  return (
    <span className={text.number} aria-hidden>
      {seconds > 0 ? `in ${seconds} s` : 'now'}
    </span>
  );
}
