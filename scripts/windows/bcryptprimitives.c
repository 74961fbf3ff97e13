/* ProcessPrng alone: what programs written in Rust import from bcryptprimitives.dll, which Wine 8 lacks. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG); /* RtlGenRandom: the system's random numbers, as advapi32.dll names them */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T left) {
    while (left) {
        ULONG part = left > 0x10000 ? 0x10000 : (ULONG)left;
        if (!SystemFunction036(data, part)) return FALSE;
        data += part;
        left -= part;
    }
    return TRUE;
}
