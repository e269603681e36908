import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Problem } from './bootstrap.mjs';

/** The first release that runs TypeScript without a flag. */
const NEEDED = [22, 18];

/** The Node that runs Paperboy: the pinned one, else this one or the system's if it is new enough. */
export function findNode(root) {
  try {
    const platform = `${process.platform}-${process.arch}`;
    const require = createRequire(join(root, 'package.json'));
    return require.resolve(`node-${platform}/bin/node`);
  } catch {
    return systemNode();
  }
}

function systemNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const found = versionOf('node');
  if (found !== undefined && isNewEnough(found)) return 'node';
  const platform = `${process.platform} ${process.arch}`;
  throw new Problem(
    `No Node is packaged for ${platform}, and this is ${process.version}: install Node ${NEEDED.join('.')} or newer.`,
  );
}

function versionOf(program) {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}
