@echo off
setlocal EnableExtensions DisableDelayedExpansion
title newsgen
pushd "%~dp0"
set START=app\start.py
if not exist %START% set START=src\newsgen\authoring\starter\app\start.py
if not exist %START% goto alone

rem No path is in a variable: a folder may be called anything.
set PYTHON=app\python.exe
if exist %PYTHON% goto program
set PYTHON=..\app\python.exe
if exist %PYTHON% goto program
set PYTHON=..\newsgen\app\python.exe
if exist %PYTHON% goto program
set PYTHON=python\python.exe
if exist %PYTHON% goto program

rem The python.exe that Windows itself has only opens its shop, and says so with an exit code.
set NEW="import sys; sys.exit(sys.version_info < (3, 11))"
set PYTHON=py -3
call %PYTHON% -c %NEW% >nul 2>&1
if "%ERRORLEVEL%"=="0" goto start
set PYTHON=python3
call %PYTHON% -c %NEW% >nul 2>&1
if "%ERRORLEVEL%"=="0" goto start
set PYTHON=python
call %PYTHON% -c %NEW% >nul 2>&1
if "%ERRORLEVEL%"=="0" goto start
set PYTHON=.venv\Scripts\python.exe
if exist %PYTHON% goto program

for /f "tokens=2 delims=:." %%p in ('chcp') do set "PAGE=%%p"
chcp 936 >nul
echo 没有找到 Python 3.11 或更新的版本。两个办法，选一个：
echo   1. 不安装：请管理网站的老师给您 newsgen-windows.zip，解压，把里面的 app 文件夹整个复制到这里。
echo   2. 安装：从 Python 官网下载 Windows 安装程序，双击，先勾选最下面的 Add python.exe to PATH，
echo      再点 Install Now。不需要管理员权限。
echo 然后再双击一次。
goto told

rem Such a name may be a batch file, which only comes back when it is called; a call need not keep the exit code.
:start
call %PYTHON% %START% desk .
goto ended

:program
%PYTHON% %START% desk .

:ended
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="0" pause
exit /b %CODE%

:alone
for /f "tokens=2 delims=:." %%p in ('chcp') do set "PAGE=%%p"
chcp 936 >nul
echo 旁边没有 app 文件夹。请先把压缩包全部解压（右键，全部解压缩），再双击这个文件；不要只拿出这一个文件。

:told
pause
if defined PAGE chcp %PAGE% >nul
exit /b 2
