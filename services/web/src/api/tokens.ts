import { z } from 'zod';
import { type ApiRoute, route } from './route.ts';
import { as, slug } from './schemas.ts';

export const tokenRoutes: readonly ApiRoute[] = [
  route({
    ...{ method: 'get', path: '/token', id: 'getToken', part: 'Tokens', access: 'read' },
    summary: 'Which token this is: for trying whether one works',
    answer: as('Token', 'A token.', z.object({ name: slug, scope: z.enum(['read', 'write']) })),
    async handle(_deps, { token }) {
      return { value: { name: token?.name ?? '', scope: token?.scope ?? 'read' } };
    },
  }),
];
