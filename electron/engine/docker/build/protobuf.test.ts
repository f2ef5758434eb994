import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBuildKitStatus } from './buildkit-status.ts';
import { numberField, readProtobuf, repeatedField, textField } from './protobuf-reader.ts';
import { writeEmptyMessage, writeProtobuf } from './protobuf-writer.ts';

describe('protobuf', () => {
  it('reads back what it wrote', () => {
    const number = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(number, fc.string({ minLength: 1 }), fc.maxSafeInteger(), (field, text, value) => {
        const fields = readProtobuf(
          writeProtobuf([
            [field, text],
            [field + 1, value],
          ]),
        );
        expect(textField(fields, field)).toBe(text);
        expect(numberField(fields, field + 1)).toBe(value);
      }),
    );
  });

  it.each([
    // Examples of the encoding's own documentation.
    ['a varint', [[1, 150]] as const, '089601'],
    ['a string', [[2, 'testing']] as const, '120774657374696e67'],
    [
      'defaults, which are left out',
      [
        [1, 0],
        [2, ''],
        [3, false],
        [4, undefined],
      ] as const,
      '',
    ],
    ['a bool', [[3, true]] as const, '1801'],
    ['a negative number', [[1, -1n]] as const, '08ffffffffffffffffff01'],
  ])('writes %s as the wire has it', (_, values, hex) => {
    expect(writeProtobuf(values).toString('hex')).toBe(hex);
  });

  it('writes an empty message that is there', () => {
    expect(writeEmptyMessage(4).toString('hex')).toBe('2200');
  });

  it('passes over fields of kinds that it does not use', () => {
    const bytes = Buffer.from('0d00000000' + '110000000000000000' + '1a0161', 'hex');
    expect(textField(readProtobuf(bytes), 3)).toBe('a');
    expect(repeatedField(readProtobuf(bytes), 3)).toHaveLength(1);
  });

  it.each(['0a', '0aff', '0a05aa', '08', '08ffffffffffffffffffffff', '0b', '0d0000'])(
    'refuses what is cut off or no protobuf: %s',
    (hex) => {
      expect(() => readProtobuf(Buffer.from(hex, 'hex'))).toThrow(
        expect.objectContaining({ code: 'malformed' }),
      );
    },
  );

  it('never fails otherwise on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeBuildKitStatus(Buffer.from(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed' });
        }
      }),
    );
  });

  it('reads a status with its operation, progress and output', () => {
    const time = writeProtobuf([
      [1, 1_700_000_000],
      [2, 500_000_000],
    ]);
    const vertex = writeProtobuf([
      [1, 'sha256:a'],
      [3, '[1/2] FROM x'],
      [4, true],
      [5, time],
      [7, 'broken'],
    ]);
    const status = writeProtobuf([
      [1, 'id'],
      [2, 'sha256:a'],
      [4, 3],
      [5, 9],
    ]);
    const log = writeProtobuf([
      [1, 'sha256:a'],
      [3, 2],
      [4, Buffer.from('out')],
    ]);
    const bytes = writeProtobuf([
      [1, vertex],
      [2, status],
      [3, log],
    ]);
    expect(decodeBuildKitStatus(bytes)).toEqual({
      vertexes: [
        {
          digest: 'sha256:a',
          name: '[1/2] FROM x',
          cached: true,
          started: 1_700_000_000_500,
          completed: null,
          error: 'broken',
        },
      ],
      statuses: [{ id: 'id', vertex: 'sha256:a', current: 3, total: 9 }],
      logs: [{ vertex: 'sha256:a', stream: 2, message: Buffer.from('out') }],
    });
  });
});
