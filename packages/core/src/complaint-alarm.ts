/**
 * Whether so many complaints in a day, of so many messages taken, need a person. Large receivers want less than one in a
 * thousand and turn mail away from three on; this tells before the first of the two.
 */
export function isComplaintAlarm({
  complaints,
  accepted,
}: {
  readonly complaints: number;
  readonly accepted: number;
}): boolean {
  return complaints > 0 && complaints >= ALARM_SHARE * accepted;
}

const ALARM_SHARE = 0.0008;
