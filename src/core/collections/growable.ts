/** Typed arrays that grow by doubling: amortised O(1) per element, nothing allocated per element. */

type Growable = Float64Array | Float32Array | Int32Array | Uint8Array

/** The array itself if it has room for `length` elements, else a longer copy (new elements are 0). */
export function grown<A extends Growable>(array: A, length: number): A {
  if (array.length >= length) return array
  const longer = new (array.constructor as new (n: number) => A)(Math.max(length, array.length * 2, 16))
  longer.set(array as ArrayLike<number> & A)
  return longer
}
