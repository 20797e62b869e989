namespace Emulation.Devices;

/// <summary>Where a program may have its heap and stack: SYS_HEAPINFO. Addresses of 0 leave it to the program.</summary>
/// <param name="HeapBase">First address of the heap.</param>
/// <param name="HeapLimit">The address behind it.</param>
/// <param name="StackBase">Where the stack begins, growing down.</param>
/// <param name="StackLimit">Its lowest address.</param>
public readonly record struct SemihostingHeap(ulong HeapBase, ulong HeapLimit, ulong StackBase, ulong StackLimit);
