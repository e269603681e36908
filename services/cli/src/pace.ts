/** Tells how far a run over `total` pages is: `12 of 500 pages, 8.4 pages/s, 58 s left`. Starts its clock now. */
export function pace(total: number, now: () => number = () => performance.now()) {
  const startedAt = now();
  return (done: number): string => {
    const place = `${done} of ${total} pages`;
    const seconds = (now() - startedAt) / 1_000;
    if (done === 0 || seconds < 1) return place;
    const rate = done / seconds;
    return `${place}, ${rate.toFixed(1)} pages/s, ${timeLeft((total - done) / rate)} left`;
  };
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
