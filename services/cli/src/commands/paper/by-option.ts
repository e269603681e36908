import { userInfo } from 'node:os';
import { Option } from 'commander';

/** `--by`: who decides, kept with the decision. */
export function byOption(): Option {
  return new Option('--by <name>', 'who decides').default(userName(), 'the user of this machine');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return 'operator';
  }
}
