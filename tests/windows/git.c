/* git.exe for a Windows under Wine: the real git of the machine that Wine runs on, with its own bytes and exit code.

   Wine starts a program of that machine, but has no pipes for it, does not wait for it, and does not tell how it ended. So the
   script `relay` leaves what git printed in a file, and after it the exit code as one last byte. */
#include <stdio.h>
#include <windows.h>

int wmain(void) {
    static wchar_t line[32768];
    static char data[1 << 20];
    wchar_t name[64], path[80];
    STARTUPINFOW start = {sizeof start};
    PROCESS_INFORMATION process;
    HANDLE file = INVALID_HANDLE_VALUE;
    DWORD size = 0, written;
    wchar_t *rest = GetCommandLineW(), *end = wcschr(rest + 1, *rest == L'"' ? L'"' : L' ');

    swprintf(name, 64, L"git-%lu-%lu", GetCurrentProcessId(), GetTickCount());
    swprintf(path, 80, L"C:\\windows\\temp\\%ls", name);
    swprintf(line, 32768, L"\\\\?\\unix%ls %ls%ls", _wgetenv(L"RELAY"), name, end ? end + (*end == L'"') : L"");
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process)) return 126;
    for (int tries = 0; tries < 1500 && file == INVALID_HANDLE_VALUE; tries++) {
        Sleep(20);
        file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    }
    if (!ReadFile(file, data, sizeof data, &size, NULL) || !size) return 127;
    CloseHandle(file);
    DeleteFileW(path);
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), data, size - 1, &written, NULL);
    return (unsigned char)data[size - 1];
}
