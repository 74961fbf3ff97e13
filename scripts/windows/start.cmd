@echo off
setlocal EnableExtensions DisableDelayedExpansion
title newsgen
set "PROGRAM=%~dp0app\python.exe"
if not exist "%PROGRAM%" goto packed
"%PROGRAM%" "%~dp0app\start.py" {command}
set "CODE=%ERRORLEVEL%"
{pause}
exit /b %CODE%

:packed
for /f "tokens=2 delims=:." %%p in ('chcp') do set "PAGE=%%p"
chcp 936 >nul
echo 旁边没有 app 文件夹。请先把压缩包全部解压（右键，全部解压缩），再双击这个文件；不要只拿出这一个文件。
pause
if defined PAGE chcp %PAGE% >nul
exit /b 2
