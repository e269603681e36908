import { describe, expect, test } from 'vitest';
import { arxivIdIn, doiIn, openreviewIdIn } from './paper-ids.ts';

describe('ids are found in every form that pages use', () => {
  test.each([
    ['arXiv:2410.13859', '2410.13859', undefined],
    ['https://arxiv.org/abs/2410.13859v2', '2410.13859', 2],
    ['http://arxiv.org/pdf/2410.13859v12.pdf', '2410.13859', 12],
    ['https://arxiv.org/html/2410.13859v1', '2410.13859', 1],
    ['oai:arXiv.org:2408.00001v1', '2408.00001', 1],
    ['https://huggingface.co/papers/2504.11101', '2504.11101', undefined],
    ['10.48550/arXiv.2401.00001', '2401.00001', undefined],
    ['2401.00001', '2401.00001', undefined],
    ['math.GT/0309136', 'math/0309136', undefined],
    ['https://arxiv.org/abs/chao-dyn/9510015', 'chao-dyn/9510015', undefined],
    ['http://export.arxiv.org/abs/hep-th/9901001v3', 'hep-th/9901001', 3],
    ['https://doi.org/10.48550/arXiv.cs/0112017', 'cs/0112017', undefined],
    ['arXiv: 2401.00001 [cs.CL]', '2401.00001', undefined],
    ['https://hf.co/papers/2504.11101', '2504.11101', undefined],
  ])('%s', (text, id, version) => {
    expect(arxivIdIn(text)).toEqual(version === undefined ? { id } : { id, version });
  });

  test.each([
    'version 2401.123456',
    'in 2024.12345 days',
    '2401.123456',
    'chapter 12.34567',
    'https://notarxiv.org/abs/2401.00001',
    'seminar/2401001',
  ])('%s holds no arXiv id', (text) => expect(arxivIdIn(text)).toBeUndefined());

  test.each([
    ['https://doi.org/10.1145/ABC.Def).', '10.1145/abc.def'],
    ['10.1145/ABC.Def', '10.1145/abc.def'],
    ['see doi: 10.5555/12.34;', '10.5555/12.34'],
    ['http://dx.doi.org/10.5555/12.34?utm_source=feed#top', '10.5555/12.34'],
    ['https://doi.org/10.5555%2F12.34', '10.5555/12.34'],
    ['(https://doi.org/10.1016/S0735-1097(98)00347-7)', '10.1016/s0735-1097(98)00347-7'],
    ['10.1016/S0021(97)', '10.1016/s0021(97)'],
    ['10.1101/2025.01.01.123456v1', '10.1101/2025.01.01.123456'],
    ['10.1101/123456v2', '10.1101/123456'],
    [
      'https://www.biorxiv.org/content/10.1101/2025.01.01.123456v2.full',
      '10.1101/2025.01.01.123456',
    ],
    ['10.1101/gr.123456.111', '10.1101/gr.123456.111'],
    ['10.5555/modelv2', '10.5555/modelv2'],
    ['doi: 10.1/short', undefined],
    ['version 10.1145/x', undefined],
  ])('%s holds the DOI %s', (text, doi) => expect(doiIn(text)).toBe(doi));

  test('an OpenReview id keeps its case', () => {
    expect(openreviewIdIn('https://openreview.net/pdf?id=AbC_1-x')).toBe('AbC_1-x');
    expect(openreviewIdIn('https://openreview.net/forum?noteId=1&id=ZzZzZ')).toBe('ZzZzZ');
  });
});
